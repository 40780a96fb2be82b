package org.wordmill.format.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

class JsonTest {

  private record Score(long tokenCount, double bitsPerCharacter) {}

  @Test
  void objectsKeepTheOrderOfTheirKeys() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("z", 1);
    map.put("a", List.of("x\n\"", true));
    map.put("none", null);
    map.put("array", new float[] {0.1f, 1e-10f});
    assertThat(Json.write(map))
        .isEqualTo("{\"z\":1,\"a\":[\"x\\n\\\"\",true],\"none\":null,\"array\":[0.1,1.0E-10]}");
  }

  @Test
  void whatIsNotFiniteIsNull() {
    assertThat(Json.write(Arrays.asList(Double.NaN, Float.POSITIVE_INFINITY, 1.5)))
        .isEqualTo("[null,null,1.5]");
  }

  @Test
  void recordsAreObjectsInSnakeCase() {
    assertThat(Json.write(new Score(3, 0.25)))
        .isEqualTo("{\"token_count\":3,\"bits_per_character\":0.25}");
  }

  @Test
  void whatIsWrittenReadsBackEqual() {
    String text = "{\"a\":[1,2.5,\"é😀\",{\"b\":null}]}";
    assertThat(Json.write(Json.parse(text, "f"))).isEqualTo(text);
  }

  @Test
  void strictReadingNamesThePlace() {
    for (String text :
        List.of("", " ", "{", "{\"a\":1,\"a\":2}", "{} {}", "{a:1}", "[1,]", "NaN", "01", "'a'")) {
      assertThatThrownBy(() -> Json.parse(text, "f.json"))
          .as(text)
          .isInstanceOfSatisfying(
              WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.CORRUPT))
          .hasMessageContaining("f.json");
    }
    assertThatThrownBy(() -> Json.parse("{\n  \"a\" 1}", "f.json"))
        .hasMessageContaining("f.json:2:");
  }

  @Test
  void deepNestingIsRefused() {
    assertThatThrownBy(() -> Json.parse("[".repeat(100) + "]".repeat(100), "f"))
        .isInstanceOf(WordmillException.class);
    String allowed = "[".repeat(60) + "]".repeat(60);
    assertThat(Json.write(Json.parse(allowed, "f"))).isEqualTo(allowed);
  }
}
