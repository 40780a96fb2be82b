package org.wordmill.format.arpa;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DecimalTest {

  @Test
  void numbersAreWrittenPlainly() {
    assertThat(written(-1.5f)).isEqualTo("-1.5");
    assertThat(written(-0.1f)).isEqualTo("-0.1");
    assertThat(written(-99f)).isEqualTo("-99");
    assertThat(written(0f)).isEqualTo("0");
    assertThat(written(-0f)).isEqualTo("0");
    assertThat(written(-4.7712126f)).isEqualTo("-4.7712126");
    assertThat(written(-0.00012f)).isEqualTo("-0.00012");
    assertThat(written(123456.5f)).isEqualTo("123456.5");
    assertThat(written(Float.NEGATIVE_INFINITY)).isEqualTo("-99");
    assertThatThrownBy(() -> written(Float.NaN)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void everyFloatReadsBackAsItself() {
    long seed = 42;
    Random random = new Random(seed);
    for (int i = 0; i < 60_000; i++) {
      float value = Float.intBitsToFloat(random.nextInt());
      if (i % 2 == 0) {
        value = -random.nextFloat() * 8;
      }
      if (Float.isFinite(value)) {
        String text = written(value);
        assertThat(Float.parseFloat(text)).as("seed %d: %s", seed, text).isEqualTo(value);
        assertThat(parsed(text)).isEqualTo(value);
      }
    }
  }

  @Test
  void noShorterRoundingOfTheNumberWouldReadBack() {
    Random random = new Random(7);
    for (int i = 0; i < 4_000; i++) {
      float value = -random.nextFloat() * (float) Math.pow(10, random.nextInt(4) - 2);
      int digits = new BigDecimal(written(value)).precision();
      for (int fewer = 1; fewer < digits; fewer++) {
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(fewer));
        assertThat(rounded.floatValue()).as("%s", value).isNotEqualTo(value);
      }
    }
  }

  @Test
  void readingRoundsAsTheJdkDoes() {
    Random random = new Random(11);
    for (int i = 0; i < 40_000; i++) {
      String text =
          String.format(
              Locale.ROOT,
              "%." + random.nextInt(20) + "f",
              -random.nextDouble() * random.nextInt(200));
      if (i % 5 == 0) {
        // Exactly or nearly half-way between two floats.
        float value = random.nextFloat();
        BigDecimal middle =
            new BigDecimal(value)
                .add(new BigDecimal(Math.nextUp(value)))
                .divide(BigDecimal.valueOf(2));
        text = middle.round(new MathContext(8 + random.nextInt(20))).toPlainString();
      }
      assertThat(parsed(text)).as(text).isEqualTo(Float.parseFloat(text));
    }
    for (String text : List.of("-1e-3", "1.5E2", "+2", ".5", "5.", "-0", "0.000", "1e-300")) {
      assertThat(parsed(text)).as(text).isEqualTo(Float.parseFloat(text));
    }
    assertThat(parsed("-inf")).isEqualTo(Float.NEGATIVE_INFINITY);
  }

  @Test
  void whatIsNoNumberIsRefused() {
    for (String text :
        List.of("", "-", ".", "1,5", "0x1p3", "1f", " 1", "1e", "NaN", "--1", "1.2.3")) {
      assertThatThrownBy(() -> parsed(text)).as(text).isInstanceOf(NumberFormatException.class);
    }
  }

  private static String written(float value) {
    byte[] out = new byte[Decimal.MAX_LENGTH];
    return new String(out, 0, Decimal.write(value, out, 0), US_ASCII);
  }

  private static float parsed(String text) {
    byte[] bytes = ("x" + text + "y").getBytes(US_ASCII);
    return Decimal.parse(bytes, 1, bytes.length - 1);
  }
}
