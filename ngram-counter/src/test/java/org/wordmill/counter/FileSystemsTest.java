package org.wordmill.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.Test;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

class FileSystemsTest {
  @Test
  void aFileSystemWithoutItsLibraryIsAFaultThatNamesTheLibrary() {
    assertThatThrownBy(() -> FileSystems.of(new Path("s3a://bucket/text.txt"), new Configuration()))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.STORAGE))
        .hasMessageContaining("s3a://bucket/text.txt")
        .hasMessageContaining("S3AFileSystem")
        .hasMessageContaining("org.apache.hadoop:hadoop-aws:")
        .hasMessageNotContaining("\n");
  }

  @Test
  void otherFaultsOfClassesAreNotTakenForIt() throws IOException {
    assertThat(FileSystems.missing(new ClassNotFoundException("com.example.Codec"), "")).isEmpty();
    assertThat(FileSystems.plain(new Path("text.txt"), new Configuration()))
        .isInstanceOf(RawLocalFileSystem.class);
  }
}
