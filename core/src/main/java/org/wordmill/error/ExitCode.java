package org.wordmill.error;

/** The exit codes of the command line; 0 is success and 1 is a bug of ours. */
public enum ExitCode {
  /** Wrong usage or configuration. */
  USAGE(2),
  /** The input data is bad: empty corpus, invalid UTF-8 under the strict policy, broken gzip. */
  BAD_INPUT(3),
  /** Storage: missing, not permitted, full, or already there; or a cluster without executors. */
  STORAGE(4),
  /** Training diverged: loss or gradient was not finite too often. */
  DIVERGED(5),
  /** A file of ours, or one we read, is corrupt or does not fit what it is used with. */
  CORRUPT(6),
  /** A check that was asked for failed. */
  CHECK_FAILED(7);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }
}
