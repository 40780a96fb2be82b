package org.wordmill.counter;

import java.util.Arrays;
import org.wordmill.text.TextReport;

/** The totals of one split, which travel to the driver. */
record SplitSummary(long tokens, long unknown, long sentences, TextReport report) {

  static byte[] encode(EncodedSplit split) {
    VarBytes out = new VarBytes(256);
    out.putLong(split.tokens());
    out.putLong(split.unknown());
    out.putLong(split.sentences());
    out.putLong(split.report().length);
    out.putBytes(split.report(), 0, split.report().length);
    return out.take();
  }

  static SplitSummary decode(byte[] bytes) {
    VarBytes.Reader in = new VarBytes.Reader(bytes, 0);
    long tokens = in.getLong();
    long unknown = in.getLong();
    long sentences = in.getLong();
    int length = in.getInt();
    int from = in.skip(length);
    byte[] report = Arrays.copyOfRange(bytes, from, from + length);
    return new SplitSummary(tokens, unknown, sentences, EncodedSplit.decodeReport(report));
  }
}
