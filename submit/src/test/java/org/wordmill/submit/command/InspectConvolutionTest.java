package org.wordmill.submit.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sizes by hand, and those of the papers that published them. */
class InspectConvolutionTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "28x28: conv 5 stride 1 padding 2 | [28,28]",
        "7: conv 3 stride 2 | [3]",
        "10x7: conv 3x2 stride 3x1 padding 1x0 | [4,6]",
        "11: conv 3 stride 2 padding 2 dilation 3 | [5]",
        "9: conv 4 same | [9]",
        "9: conv 4 causal dilation 2 | [9]",
        "5x6: pool 2 | [2,3]",
        "5x7: pool 3x2 stride 2x1 padding 1 | [3,8]",
        // LeNet-5, from 32 x 32 to 1 x 1.
        "32x32: conv 5, pool 2, conv 5, pool 2, conv 5 | [1,1]",
        // The first layers of AlexNet, of 227 x 227.
        "227x227: conv 11 stride 4, pool 3 stride 2, conv 5 padding 2, pool 3 stride 2 | [13,13]",
        "16x112x112: conv 3x7x7 stride 1x2x2 padding 1x3x3, pool 2 | [8,28,28]"
      })
  void outputsHaveTheSizesOfTheFormula(String layers, String output) {
    JsonNode json = Ran.wordmill("inspect", "--json", "--convolution", layers).json();
    assertThat(json.path("output")).hasToString(output);
  }

  @Test
  void parametersAreCountedWhereChannelsAreGiven() {
    JsonNode json =
        Ran.wordmill(
                "inspect",
                "--json",
                "--convolution",
                "28x28 channels 1: conv 5 same channels 8, pool 2, conv 5 same channels 16 no bias")
            .json();
    assertThat(json.path("layers").path(1).path("parameters").intValue()).isEqualTo(8 * 26);
    assertThat(json.path("parameters").intValue()).isEqualTo(8 * 26 + 16 * 8 * 25);
    assertThat(json.path("layers").path(2).path("channels").intValue()).isEqualTo(8);
  }

  @Test
  void theTableShowsTheFormulaWithItsNumbers() {
    Ran ran = Ran.wordmill("inspect", "--convolution", "28x28: conv 5 stride 1 padding 2, pool 2");
    assertThat(ran.out())
        .containsPattern(
            "conv 5 stride 1 padding 2 +floor\\(\\(28 \\+ 2\\*2 - 5\\) / 1\\) \\+ 1 +28x28")
        .containsPattern("pool 2 +floor\\(\\(28 - 2\\) / 2\\) \\+ 1 +14x14");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "28x28 | no layers",
        "28x28: | no layers",
        "28x28x3x3: conv 3 | one to three axes",
        "0x28: conv 3 | one to three axes",
        "28: blur 3 | 'blur' is no layer",
        "28: conv | lacks the size of the window",
        "28: conv five | 'five' is no number",
        "28: conv 3x3 | 2 numbers for 1 axes",
        "28: conv 3 stride 0 | stride of a window is at least 1",
        "4: conv 5 | does not fit on 4",
        "28: conv 3 quickly | 'quickly' is nothing",
        "28: pool 2 dilation 2 | pooling has a size",
        "28: pool 2 padding 2 | at most half",
        "28: conv 3 same padding 1 | there is a padding and 'same'",
        "28 colours 3: conv 3 | 'colours' stands where 'channels'"
      })
  void whatCannotBeIsRefusedInOneLine(String layers, String message) {
    Ran ran = Ran.wordmill("inspect", "--convolution", layers);
    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.errors()).singleElement().asString().contains(message, "such as");
  }

  @Test
  void itStandsAlone() {
    assertThat(Ran.wordmill("inspect", "gpt-tiny", "--convolution", "7: conv 3").exitCode())
        .isEqualTo(2);
  }
}
