// Decodes ESC/POS jobs with programs that are not ours: npos takes the bytes apart and knows which commands exist,
// python-escpos says which code page is in which of a printer's slots, iconv-lite decodes the characters.
//
//   node escpos.js CAPABILITIES JOB TEXT...   prints for each job and text in the same code page {error} or
//   {page, rows: [{text, centred, bold, large}], feed, cut, text}
'use strict';

const fs = require('fs');
const iconv = require('iconv-lite');
const npos = require('npos');

const [capabilities, ...files] = process.argv.slice(2);
const pages = JSON.parse(fs.readFileSync(capabilities)).profiles.default.codePages;

// npos counts bytes, it does not interpret them; these are the commands that a receipt needs, in their order of use.
function decode(job) {
  const { tree, error } = npos.parser().analyze(job);
  if (error) throw error;
  const state = { centred: false, bold: false, large: false };
  const told = { page: null, rows: [], feed: null, cut: null };
  let row = null;
  for (const node of tree) {
    const bytes = job.subarray(node.offset, node.offset + node.length);
    const last = bytes[bytes.length - 1];
    switch (node.ascii + ' ' + node.fn) {
      case 'ESC @': case 'FS .': break;
      case 'ESC R': if (last !== 0) throw new Error('another country'); break;
      case 'ESC t': told.page = pages[String(last)]; break;
      case 'ESC a': if (row) throw new Error('centred within a row'); state.centred = last === 1; break;
      case 'ESC E': state.bold = last === 1; break;
      case 'GS !':
        if (last !== 0 && last !== 0x11) throw new Error('a size that is not ours');
        state.large = last === 0x11;
        break;
      case 'ESC d': told.feed = last; break;
      case 'GS V': told.cut = { 65: 'full', 66: 'partial' }[bytes[2]]; break;
      case 'STX ':
        for (const byte of bytes) {
          row = row || { bytes: [], ...state, bold: false };
          if (byte === 0x0a) {
            const { bytes: text, ...style } = row;
            told.rows.push({ text: iconv.decode(Buffer.from(text), told.page), ...style });
            row = null;
          } else if (byte < 0x20 || byte === 0x7f) {
            throw new Error('a control byte: ' + byte);
          } else {
            row.bytes.push(byte);
            row.bold = row.bold || state.bold;
          }
        }
        break;
      default: throw new Error('unexpected: ' + node.ascii + ' ' + node.fn);
    }
  }
  if (row) throw new Error('the last row does not end');
  if (state.centred || state.bold || state.large) throw new Error('a style does not end');
  return told;
}

const told = [];
for (let i = 0; i < files.length; i += 2) {
  try {
    const job = decode(fs.readFileSync(files[i]));
    told.push({ ...job, text: iconv.decode(fs.readFileSync(files[i + 1]), job.page) });
  } catch (fault) {
    told.push({ error: String(fault) });
  }
}
console.log(JSON.stringify(told));
