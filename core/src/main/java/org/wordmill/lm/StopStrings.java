package org.wordmill.lm;

import java.util.List;

/**
 * The strings before which a text ends, sought in a text that comes in pieces. The first of them to
 * be complete ends the text, the longest if several are complete at once, whatever the pieces are;
 * what may become the beginning of one is held back until it is certain.
 */
public final class StopStrings {
  private final List<String> stops;
  private final StringBuilder held = new StringBuilder();
  private boolean found;

  /**
   * @param stops none of them empty
   */
  public StopStrings(List<String> stops) {
    if (stops.stream().anyMatch(String::isEmpty)) {
      throw new IllegalArgumentException("a stop string is empty");
    }
    this.stops = List.copyOf(stops);
  }

  /** What is certain of the text by this piece, beyond what was given before; may be empty. */
  public String next(String piece) {
    for (int i = 0; i < piece.length() && !found; i++) {
      held.append(piece.charAt(i));
      int end = completed();
      if (end > 0) {
        found = true;
        held.setLength(held.length() - end);
      }
    }
    return release(found ? 0 : undecided());
  }

  /** Whether the text has ended; nothing comes any more. */
  public boolean found() {
    return found;
  }

  /** What was held back, when no more text comes. */
  public String end() {
    return release(0);
  }

  private String release(int kept) {
    int end = held.length() - kept;
    String text = held.substring(0, end);
    held.delete(0, end);
    return text;
  }

  /** The length of the longest stop string that what is held ends with, or 0. */
  private int completed() {
    return stops.stream()
        .filter(stop -> endsWith(stop, stop.length()))
        .mapToInt(String::length)
        .max()
        .orElse(0);
  }

  /** How many of the last characters are the beginning of a stop string, at most. */
  private int undecided() {
    int longest = 0;
    for (String stop : stops) {
      for (int length = stop.length() - 1; length > longest; length--) {
        if (endsWith(stop, length)) {
          longest = length;
        }
      }
    }
    return longest;
  }

  /** Whether what is held ends with the first {@code length} characters of a stop string. */
  private boolean endsWith(String stop, int length) {
    int begin = held.length() - length;
    for (int i = 0; i < length; i++) {
      if (begin < 0 || held.charAt(begin + i) != stop.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
