// The receipts of an answer by node's own JSON. What it prints: see bench.h; how lines are laid out: see slip.h.
"use strict";
const fs = require("fs");

const COLUMNS = 42;
const centered = (text) => " ".repeat(Math.max(0, Math.floor((COLUMNS - text.length) / 2))) + text;

class Line {
  constructor({ type, value = {} }) {
    this.type = type;
    this.left = value.caption ?? value.text ?? value.name ?? "";
    this.right = value.value ?? "";
    this.isCentered = (value.decoration ?? []).includes("align-center");
  }

  drawn() {
    switch (this.type) {
      case "separator":
        return centered(this.left) + "\n";
      case "textline":
        return this.isCentered ? centered(this.left) : this.left;
      case "name-value":
        return this.left + this.right.padStart(COLUMNS - this.left.length);
      default:
        return "";
    }
  }
}

function drawn(answer, copy) {
  const lines = JSON.parse(answer)[copy].map((row) => new Line(row));
  return lines.map((line) => line.drawn() + "\n").join("");
}

const [path, parts, rounds] = process.argv.slice(2);
const answer = fs.readFileSync(path);
if (parts === undefined) {
  process.stdout.write(drawn(answer, "receipt") + drawn(answer, "receipt_merchant"));
} else {
  let size = 0;
  const both = () => drawn(answer, "receipt").length + drawn(answer, "receipt_merchant").length;
  // Until it has been compiled.
  for (let round = 0; round < 20000; round++) size += both();
  for (let part = 0; part < parts; part++) {
    const since = process.hrtime.bigint();
    for (let round = 0; round < rounds; round++) size += both();
    console.log(Number(process.hrtime.bigint() - since) / rounds);
  }
  process.exitCode = size === 0 ? 1 : 0;
}
