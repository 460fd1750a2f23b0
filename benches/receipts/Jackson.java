// The receipts of an answer by Jackson, which reads into typed records. What it prints: see bench.h; how lines are laid out: see slip.h.

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

public final class Jackson {
    private static final int COLUMNS = 42;
    private static final ObjectReader READER = new ObjectMapper().readerFor(Answer.class);

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Answer(List<Line> receipt, List<Line> receipt_merchant) {}

    record Value(String caption, String text, String name, String value, List<String> decoration) {}

    record Line(String type, Value value) {
        String drawn() {
            return switch (type) {
                case "separator" -> centered(value.caption()) + "\n";
                case "textline" ->
                    value.decoration().contains("align-center") ? centered(value.text()) : value.text();
                case "name-value" -> {
                    int gap = COLUMNS - value.name().length() - value.value().length();
                    yield value.name() + " ".repeat(Math.max(1, gap)) + value.value();
                }
                default -> "";
            };
        }
    }

    private static String centered(String text) {
        return " ".repeat(Math.max(0, (COLUMNS - text.length()) / 2)) + text;
    }

    private static String drawn(byte[] answer, boolean isMerchants) throws Exception {
        Answer read = READER.readValue(answer);
        StringBuilder slip = new StringBuilder();
        for (Line line : isMerchants ? read.receipt_merchant() : read.receipt()) {
            slip.append(line.drawn()).append('\n');
        }
        return slip.toString();
    }

    private static int both(byte[] answer) throws Exception {
        return drawn(answer, false).length() + drawn(answer, true).length();
    }

    public static void main(String[] arguments) throws Exception {
        byte[] answer = Files.readAllBytes(Path.of(arguments[0]));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        if (arguments.length == 1) {
            out.print(drawn(answer, false) + drawn(answer, true));
            return;
        }
        int parts = Integer.parseInt(arguments[1]);
        int rounds = Integer.parseInt(arguments[2]);
        long size = 0;
        // Until it has been compiled.
        for (int round = 0; round < 30_000; round++) {
            size += both(answer);
        }
        for (int part = 0; part < parts; part++) {
            long since = System.nanoTime();
            for (int round = 0; round < rounds; round++) {
                size += both(answer);
            }
            out.println((System.nanoTime() - since) / rounds);
        }
        System.exit(size == 0 ? 1 : 0);
    }
}
