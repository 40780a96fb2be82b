package org.wordmill.submit.command;

import java.util.Locale;
import org.wordmill.text.TextPolicy;
import org.wordmill.text.TextReport;

/** Says on stderr what was odd about a text, if anything was. */
final class TextNotes {
  private TextNotes() {}

  /**
   * @param reserved what became of reserved words
   */
  static void print(Console console, TextReport report, TextPolicy.Reserved reserved) {
    note(console, report.malformedLines(), "lines with bytes that are not UTF-8");
    report.malformedPlaces().forEach(place -> console.note("warning:   not UTF-8: " + place));
    note(console, report.droppedLines(), "lines left out");
    note(console, report.longWords(), "words that were too long and became <unk>");
    note(
        console,
        report.reservedWords(),
        reserved == TextPolicy.Reserved.SKIP
            ? "reserved words taken as white space"
            : "reserved words taken as <unk>");
    note(console, report.nulBytes(), "NUL bytes taken as white space");
    note(console, report.byteOrderMarks(), "byte order marks stripped");
  }

  private static void note(Console console, long count, String what) {
    if (count > 0) {
      console.note(String.format(Locale.ROOT, "warning: %s: %,d", what, count));
    }
  }
}
