package org.wordmill.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StopStringsTest {

  private static List<String> pieces(List<String> stops, String... text) {
    StopStrings ends = new StopStrings(stops);
    List<String> pieces = new ArrayList<>();
    for (String piece : text) {
      pieces.add(ends.next(piece));
    }
    pieces.add(ends.found() ? "(found)" : ends.end());
    return pieces;
  }

  @Test
  void theTextEndsBeforeAStopStringThatSpansPieces() {
    assertThat(pieces(List.of("END"), "it E", "N", "D of it", "more"))
        .containsExactly("it ", "", "", "", "(found)");
  }

  @Test
  void whatOnlyLookedLikeAStopStringIsGivenAfterAll() {
    assertThat(pieces(List.of("END"), "EN", "E", "ND")).containsExactly("", "EN", "", "(found)");
    assertThat(pieces(List.of("END"), "EN")).containsExactly("", "EN");
  }

  @Test
  void theFirstToBeCompleteWinsAndOfTwoTheLonger() {
    assertThat(pieces(List.of("abc", "b"), "xabc")).containsExactly("xa", "(found)");
    assertThat(pieces(List.of("c", "abc"), "xabc")).containsExactly("x", "(found)");
  }

  @Test
  void withoutStopStringsNothingIsHeldBack() {
    assertThat(pieces(List.of(), "a", "b")).containsExactly("a", "b", "");
    assertThatThrownBy(() -> new StopStrings(List.of("a", "")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void howTheTextIsCutMakesNoDifference() {
    Random random = new Random(5);
    for (int round = 0; round < 2000; round++) {
      String text = letters(random, random.nextInt(12));
      List<String> stops =
          List.of(letters(random, 1 + random.nextInt(4)), letters(random, 1 + random.nextInt(3)));
      String[] letters = text.isEmpty() ? new String[0] : text.split("");
      assertThat(String.join("", pieces(stops, letters)))
          .as(text + " " + stops)
          .isEqualTo(String.join("", pieces(stops, text)))
          .isEqualTo(naive(text, stops));
    }
  }

  private static String naive(String text, List<String> stops) {
    for (int end = 1; end <= text.length(); end++) {
      String head = text.substring(0, end);
      int length = stops.stream().filter(head::endsWith).mapToInt(String::length).max().orElse(0);
      if (length > 0) {
        return head.substring(0, end - length) + "(found)";
      }
    }
    return text;
  }

  private static String letters(Random random, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append((char) ('a' + random.nextInt(2)));
    }
    return text.toString();
  }
}
