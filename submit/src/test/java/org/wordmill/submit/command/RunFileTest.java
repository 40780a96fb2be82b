package org.wordmill.submit.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.error.WordmillException;

class RunFileTest {
  @TempDir private Path folder;
  private Path path;
  private RunFile file;

  @BeforeEach
  void name() {
    path = folder.resolve("config.conf");
    file = new RunFile(folder.toString(), "config.conf", new Configuration());
  }

  @Test
  void aTextIsWrittenUnlessItIsThere() throws IOException {
    file.ensure("one\n");
    assertThat(path).hasContent("one\n");
    FileTime before = FileTime.fromMillis(1_000_000);
    Files.setLastModifiedTime(path, before);
    file.ensure("one\n");
    assertThat(Files.getLastModifiedTime(path)).isEqualTo(before);
    file.ensure("two\n");
    assertThat(path).hasContent("two\n");
  }

  @Test
  void aFileThatIsNotThereIsToldFromOneThatCannotBeRead() throws IOException {
    assertThatThrownBy(file::read)
        .isInstanceOf(WordmillException.class)
        .hasMessageContaining("there is no run to resume");
    Files.createDirectory(path);
    assertThatThrownBy(file::read)
        .isInstanceOf(WordmillException.class)
        .hasMessageContaining("cannot read");
    assertThatThrownBy(() -> file.ensure("text\n"))
        .isInstanceOf(WordmillException.class)
        .hasMessageContaining("cannot read");
  }
}
