package org.wordmill.submit.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

class SettingsTest {
  enum Colour {
    RED,
    DARK_BLUE
  }

  sealed interface Shape {}

  record Circle(double radius) implements Shape {}

  record Square(int side) implements Shape {
    Square {
      if (side < 1) {
        throw new IllegalArgumentException("the side must be positive, got " + side);
      }
    }
  }

  record Picture(
      String title,
      long pixelCount,
      Colour colour,
      Shape shape,
      List<Integer> sizes,
      Optional<String> note) {}

  private static final String PICTURE =
      """
      title = mill
      pixel_count = 1e3
      colour = dark_blue
      shape { kind = square, side = 4 }
      sizes = [1, 2]
      """;

  @TempDir private Path folder;

  private Picture load(String text, String... assignments) throws IOException {
    Path file = Files.writeString(folder.resolve("picture.conf"), text);
    Config config = Settings.load(file.toString(), List.of(assignments));
    return new RecordBinder(Map.of()).bind(Picture.class, config.root());
  }

  private void assertFault(String text, String assignment, String... parts) {
    assertThatThrownBy(
            () -> load(text, assignment.isEmpty() ? new String[0] : new String[] {assignment}))
        .isInstanceOfSatisfying(
            WordmillException.class,
            fault -> {
              assertThat(fault.exitCode()).isEqualTo(ExitCode.USAGE);
              assertThat(fault.line()).contains(parts).doesNotContain("\n");
            });
  }

  @Test
  void textBecomesTypedRecords() throws IOException {
    assertThat(load(PICTURE))
        .isEqualTo(
            new Picture(
                "mill", 1000, Colour.DARK_BLUE, new Square(4), List.of(1, 2), Optional.empty()));
  }

  @Test
  void assignmentsWinOverTheFile() throws IOException {
    Picture picture = load(PICTURE, "title=wheel", "shape.side=7", "note = two words");
    assertThat(picture.title()).isEqualTo("wheel");
    assertThat(picture.shape()).isEqualTo(new Square(7));
    assertThat(picture.note()).contains("two words");
  }

  @Test
  void anUnknownKeyNamesTheNearestOneAndItsLine() {
    assertFault(PICTURE + "colr = red\n", "", "'colr'", "picture.conf:6", "did you mean colour?");
    assertFault(
        PICTURE, "shape.sied=3", "'shape.sied'", "--set shape.sied=3", "did you mean side?");
  }

  @Test
  void aWrongTypeNamesTheKeyAndItsLine() {
    assertFault(
        PICTURE.replace("1e3", "many"), "", "'pixel_count'", "a number", "many", "picture.conf:2");
    assertFault(PICTURE.replace("1e3", "1.5"), "", "'pixel_count'", "a whole number");
    assertFault(PICTURE, "sizes=3", "'sizes'", "a list");
    assertFault(PICTURE, "sizes=[1,x]", "'sizes[1]'", "a number");
    assertFault(PICTURE, "shape=3", "'shape'", "an object");
  }

  @Test
  void aMissingKeyIsNamed() {
    assertFault(PICTURE.replace("title = mill", ""), "", "'title' is missing", "picture.conf");
    assertFault(PICTURE.replace("kind = square, ", ""), "", "'shape.kind'", "circle, square");
  }

  @Test
  void anUnknownValueNamesTheNearestOne() {
    assertFault(PICTURE, "colour=dark_bleu", "'dark_bleu'", "did you mean dark_blue?");
    assertFault(PICTURE, "shape.kind=sqare", "'sqare'", "did you mean square?");
  }

  @Test
  void whatARecordRefusesIsToldWithItsPlace() {
    assertFault(
        PICTURE.replace("side = 4", "side = 0"),
        "",
        "the side must be positive, got 0",
        "picture.conf:4");
  }

  @Test
  void brokenHoconIsToldWithItsLine() {
    assertFault(PICTURE + "x = {", "", "not valid HOCON", "picture.conf:");
    assertFault(PICTURE, "title", "key=value");
  }

  @Test
  void includesReachOnlyTheSameFolder() throws IOException {
    Files.writeString(folder.resolve("base.conf"), PICTURE);
    assertThat(load("include \"base.conf\"\ntitle = other\n").title()).isEqualTo("other");
    assertFault("include \"/etc/passwd\"\n", "", "cannot include", "/etc/passwd");
    assertFault("include \"../up.conf\"\n", "", "cannot include");
    assertFault("include url(\"http://127.0.0.1:1/x\")\n", "", "cannot include");
    assertFault("include classpath(\"reference.conf\")\n", "", "cannot include");
    assertFault("include file(\"/etc/passwd\")\n", "", "cannot include");
  }

  @Test
  void theEnvironmentIsNotRead() {
    assertFault(PICTURE.replace("mill", "${PATH}"), "", "PATH");
  }

  @Test
  void anUnknownPresetNamesTheNearestOne() {
    assertThatThrownBy(() -> Settings.load("quikstart", List.of()))
        .isInstanceOf(WordmillException.class)
        .hasMessageContaining("did you mean quickstart?");
  }

  @Test
  void renderedSettingsReadBackAsTheSame() throws IOException {
    Config config = Settings.load("shakespeare-char", List.of("schedule.steps=7"));
    Path file = Files.writeString(folder.resolve("copy.conf"), Settings.render(config));
    assertThat(Settings.load(file.toString(), List.of())).isEqualTo(config);
  }
}
