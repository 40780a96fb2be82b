package org.wordmill.submit.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.typesafe.config.Config;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.wordmill.error.ExitCode;
import org.wordmill.fuzz.Untrusted;

class TrainingSettingsFuzzTest {
  /**
   * @param file HOCON, and behind a zero byte an assignment of the command line
   */
  @FuzzTest
  @Timeout(60)
  void settingsThatAreReadAreRenderedAndReadAgain(byte[] file) {
    Untrusted.read(
        Set.of(ExitCode.USAGE),
        () -> {
          String[] texts = Untrusted.text(file).split("\0", 2);
          Config config =
              Settings.parse("f.conf", texts[0], List.of(texts).subList(1, texts.length));
          TrainingSettings settings = TrainingSettings.of(config);
          settings.training();
          Config again = Settings.parse("f.conf", Settings.render(config), List.of());
          assertThat(TrainingSettings.of(again)).isEqualTo(settings);
        });
  }
}
