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
    note(console, report.longLines(), "lines that were too long");
    note(console, report.droppedLines(), "lines left out");
    note(console, report.longWords(), "words that were too long and became <unk>");
    note(
        console,
        report.reservedWords(),
        switch (reserved) {
          case SKIP -> "reserved words taken as white space";
          case ESCAPE -> "reserved words escaped by a backslash";
          case ERROR, UNKNOWN -> "reserved words taken as <unk>";
        });
    note(console, report.nulBytes(), "NUL bytes taken as white space");
    note(console, report.controlCharacters(), "control characters in words");
    note(
        console,
        report.unicodeSpaces(),
        "other white space and control characters taken as white space");
    note(console, report.byteOrderMarks(), "byte order marks stripped");
    note(console, report.skippedShards().size(), "broken files left out");
    report.skippedShards().stream()
        .limit(TextReport.PLACES)
        .forEach(
            shard -> console.note("warning:   left out: " + shard.file() + ", " + shard.fault()));
    note(
        console,
        report.decompressionBombs().size(),
        "compressed files that grew to more than 1000 times their size");
    report.decompressionBombs().stream()
        .limit(TextReport.PLACES)
        .forEach(file -> console.note("warning:   grew: " + file));
  }

  private static void note(Console console, long count, String what) {
    if (count > 0) {
      console.note(String.format(Locale.ROOT, "warning: %s: %,d", what, count));
    }
  }
}
