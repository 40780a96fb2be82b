package org.wordmill.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.kernel.Tensor;

/** Memory that two processes share; here both ends are in one, on a file of any file system. */
class SharedMemoryTest {
  private static final byte[] KEY = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

  @TempDir Path folder;

  @Test
  void whatOneWritesTheOtherSeesAndNoNameIsLeft() throws IOException {
    Tensor one;
    Tensor other;
    try (SharedMemory created = SharedMemory.create(folder, KEY);
        SharedMemory opened = SharedMemory.open(folder, created.name(), KEY)) {
      created.forgetName();
      assertThat(names()).isEmpty();
      created.allocate(12_000);
      assertThat(Tensor.floatsOver(created.map(0, 16)).toFloats())
          .as("the key is gone")
          .containsOnly(0);
      one = Tensor.floatsOver(created.map(4000, 8000));
      other = Tensor.floatsOver(opened.map(8000, 4000));
    }
    assertThat(one.toFloats()).hasSize(2000).containsOnly(0);
    one.view(1000, 3).copyFrom(new float[] {1.5f, -2, 3});
    assertThat(other.view(0, 4).toFloats()).containsExactly(1.5f, -2, 3, 0);
    other.fill(7);
    assertThat(one.view(999, 2).toFloats()).containsExactly(0, 7);
  }

  @Test
  void nobodyOpensAnotherOne() throws IOException {
    byte[] otherKey = KEY.clone();
    otherKey[15] ^= 1;
    Path foreign = Files.write(folder.resolve("wordmill-short"), new byte[] {1, 2, 3});
    Path named = Files.write(folder.resolve("notes"), KEY);
    try (SharedMemory created = SharedMemory.create(folder, KEY)) {
      assertRefused(created.name(), otherKey, "is another one");
      assertRefused(foreign.getFileName().toString(), KEY, "is another one");
      assertRefused(named.getFileName().toString(), KEY, "is no memory of ours");
      assertRefused("wordmill-/../notes", KEY, "is no memory of ours");
      created.forgetName();
      assertThatThrownBy(() -> SharedMemory.open(folder, created.name(), KEY))
          .isInstanceOf(NoSuchFileException.class);
      created.forgetName();
    }
  }

  private void assertRefused(String name, byte[] key, String why) {
    assertThatThrownBy(() -> SharedMemory.open(folder, name, key))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(why);
  }

  private List<Path> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
