package org.wordmill.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.BpeTrainer;
import org.wordmill.text.ByteLevelBpe;
import org.wordmill.text.Characters;
import org.wordmill.text.TextPolicy;
import org.wordmill.text.Tokenizer;
import org.wordmill.text.TokenizerFiles;
import org.wordmill.train.Tokens;

/** Text that becomes token shards once. */
@ExtendWith(LocalSpark.class)
class PreparationTest {
  private static final String TEXT =
      "the quick brown fox\n\n\n  jumps over\nthe lazy dog\nand the café\nends without its line end";

  @TempDir Path folder;
  private final JavaSparkContext spark;
  private final List<String> notices = new ArrayList<>();

  PreparationTest(JavaSparkContext spark) {
    this.spark = spark;
  }

  private String path(String name) {
    return folder.resolve(name).toUri().toString();
  }

  private PreparationJob job(String input, Tokenization tokenization) {
    return new PreparationJob(
        List.of(path(input)),
        Optional.empty(),
        "text",
        tokenization,
        Optional.empty(),
        Optional.of(1L),
        path("shards"),
        true);
  }

  private static PreparationJob inOrder(PreparationJob job) {
    return with(job, job.separator(), Optional.empty());
  }

  private static PreparationJob with(
      PreparationJob job, Optional<Separator> separator, Optional<Long> seed) {
    return new PreparationJob(
        job.input(),
        job.format(),
        job.field(),
        job.tokenization(),
        separator,
        seed,
        job.output(),
        job.overwrite());
  }

  private PreparedText prepare(PreparationJob job) {
    return TextPreparation.prepare(spark, job, notices::add);
  }

  private static int[] ids(PreparedText text) {
    TokenIndex index = text.index();
    TokenStore store =
        new TokenStore(new org.apache.hadoop.fs.Path(text.folder()), new Configuration());
    Tokens all = store.open(index, 1, store.shards(index, new BlockCache(0))).get(0);
    int[] ids = new int[(int) all.size()];
    all.copy(0, ids, 0, ids.length);
    return ids;
  }

  private static String decode(PreparedText text) {
    return text.tokenizer().decode(ids(text));
  }

  private static Tokenization characters() {
    return Tokenization.characters(TextPolicy.DEFAULT);
  }

  private static ByteLevelBpe bytePairs() {
    BpeTrainer trainer = new BpeTrainer(280, 1, List.of(ByteLevelBpe.END_OF_TEXT));
    for (String piece : List.of("the", " the", " quick", " jumps", " over", "ends")) {
      trainer.add(piece, 3);
    }
    return trainer.train();
  }

  private static Tokenization of(Tokenizer tokenizer) {
    return Tokenization.of(TokenizerFiles.write(tokenizer), TextPolicy.DEFAULT);
  }

  @Test
  void textInItsOrderHasTheTokensThatARunMakesOfIt() throws IOException {
    Files.writeString(folder.resolve("a.txt"), TEXT);
    for (Tokenization way :
        List.of(characters(), Tokenization.words(0, TextPolicy.DEFAULT), of(bytePairs()))) {
      PreparedText prepared = prepare(inOrder(job("a.txt", way)));
      int[] direct = prepared.tokenizer().encodeLines(TEXT);
      assertThat(ids(prepared)).containsExactly(direct);
      assertThat(prepared.facts()).containsEntry("documents", 7L);
    }
  }

  @Test
  void shuffledDocumentsAreAllThereInAnOrderThatTheSeedDraws() throws IOException {
    List<String> lines = IntStream.range(0, 500).mapToObj(i -> "document " + i).toList();
    Files.createDirectories(folder.resolve("in"));
    Files.write(folder.resolve("in/1.txt"), lines.subList(0, 200));
    Files.write(folder.resolve("in/2.txt"), lines.subList(200, 500));
    List<String> one = decode(prepare(job("in", characters()))).lines().toList();
    List<String> again = decode(prepare(job("in", characters()))).lines().toList();
    List<String> two =
        decode(prepare(with(job("in", characters()), Optional.empty(), Optional.of(2L))))
            .lines()
            .toList();
    assertThat(one).isEqualTo(again).isNotEqualTo(lines).isNotEqualTo(two);
    assertThat(one).containsExactlyInAnyOrderElementsOf(lines);
    assertThat(two).containsExactlyInAnyOrderElementsOf(lines);
    // An order drawn at random keeps a pair in its order half of the time.
    long kept =
        IntStream.range(1, 500).filter(i -> number(one.get(i - 1)) < number(one.get(i))).count();
    assertThat(kept).isBetween(200L, 300L);
  }

  private static int number(String document) {
    return Integer.parseInt(document.substring("document ".length()));
  }

  @Test
  void blankLinesAreNoDocumentsAndTheLastLineGetsItsEnd() throws IOException {
    Files.writeString(folder.resolve("a.txt"), TEXT);
    String shuffled = decode(prepare(job("a.txt", characters())));
    assertThat(shuffled).endsWith("\n");
    assertThat(shuffled.lines())
        .containsExactlyInAnyOrder(
            "the quick brown fox",
            "  jumps over",
            "the lazy dog",
            "and the café",
            "ends without its line end");
    assertThat(notices)
        .containsExactly("the text has 2 documents without any text, which are left out");
  }

  @Test
  void bytePairsHaveEndOfTextBehindRowsAndBehindLinesWhereItIsAskedFor() throws IOException {
    Files.writeString(
        folder.resolve("a.jsonl"), "{\"text\":\"the fox\\nover\",\"n\":1}\n\n{\"text\":\"dog\"}\n");
    String end = ByteLevelBpe.END_OF_TEXT;
    assertThat(decode(prepare(inOrder(job("a.jsonl", of(bytePairs()))))))
        .isEqualTo("the fox\nover" + end + "dog" + end);
    Files.writeString(folder.resolve("a.txt"), "the fox\nthe dog\n");
    PreparationJob lines = inOrder(job("a.txt", of(bytePairs())));
    assertThat(decode(prepare(with(lines, Optional.of(Separator.END_OF_TEXT), Optional.empty()))))
        .isEqualTo("the fox" + end + "the dog" + end);
    PreparationJob rows = inOrder(job("a.jsonl", of(bytePairs())));
    assertThat(decode(prepare(with(rows, Optional.of(Separator.LINE_END), Optional.empty()))))
        .isEqualTo("the fox\nover\ndog\n");
    assertFault(
        () ->
            prepare(
                with(
                    job("a.txt", characters()),
                    Optional.of(Separator.END_OF_TEXT),
                    Optional.empty())),
        ExitCode.USAGE,
        "no <|endoftext|>");
  }

  @Test
  void charactersOfRowsAreThoseOfTheFieldAndTheLineEnd() throws IOException {
    Files.writeString(
        folder.resolve("a.json"),
        "{\"body\":\"ab\",\"text\":\"zz\"}\r\n{\"body\":null}\n{\"body\":\" \"}\n{\"body\":\"b\\u00e9\"}");
    PreparationJob job = inOrder(job("a.json", characters()));
    PreparedText prepared =
        prepare(
            new PreparationJob(
                job.input(),
                job.format(),
                "body",
                job.tokenization(),
                job.separator(),
                job.seed(),
                job.output(),
                true));
    assertThat(decode(prepared)).isEqualTo("ab\nbé\n");
    assertThat(prepared.tokenizer()).isEqualTo(Characters.fromText("\nabé"));
    assertThat(notices)
        .containsExactly("the text has 2 documents without any text, which are left out");
  }

  @Test
  void aBadLineOfJsonIsNamedByFileAndLine() throws IOException {
    String row = "{\"text\":\"some words that fill a line of JSON\"}\n";
    // More than one piece of a split, and a file whose bytes are not those of its lines.
    List<String> rows = new ArrayList<>(java.util.Collections.nCopies(60_000, row));
    rows.set(50_000, "{\"text\": oops}\n");
    Path gz = folder.resolve("a.jsonl.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gz))) {
      out.write(String.join("", rows).getBytes(StandardCharsets.UTF_8));
    }
    Files.writeString(folder.resolve("b.jsonl"), String.join("", rows));
    for (String file : List.of("a.jsonl.gz", "b.jsonl")) {
      assertFault(
          () -> prepare(job(file, characters())),
          ExitCode.BAD_INPUT,
          "not JSON: Unrecognized token 'oops'",
          file + ":50001,");
      assertThat(folder.resolve("shards/index.json")).doesNotExist();
    }
    UnaryOperator<String> bad = line -> row + row + line;
    for (String[] one :
        new String[][] {
          {"{\"texts\":\"a\"}", "no field 'text', but [texts]"},
          {"{\"text\":5}", "the field 'text' is no text"},
          {"[1]", "no JSON object"},
          {"{\"text\":\"a\"", "not JSON"},
          {"{\"text\":\"a\"} {}", "not JSON"},
        }) {
      Files.writeString(folder.resolve("c.jsonl"), bad.apply(one[0]));
      assertFault(
          () -> prepare(job("c.jsonl", characters())), ExitCode.BAD_INPUT, one[1], "c.jsonl:3,");
    }
  }

  @Test
  void linesThatAreDroppedCountAsLines() throws IOException {
    byte[] text =
        "{\"text\":\"\u00ff\"}\n{\"text\":\"\u00ff\"}\n{\"text\":\"a\"}\n{\"text\":\"\u00ff\"}\noops\n"
            .getBytes(StandardCharsets.ISO_8859_1);
    Files.write(folder.resolve("a.jsonl"), text);
    TextPolicy dropping = TextPolicy.DEFAULT.withMalformed(TextPolicy.Malformed.DROP_LINE);
    assertFault(
        () -> prepare(job("a.jsonl", Tokenization.of(TokenizerFiles.write(bytePairs()), dropping))),
        ExitCode.BAD_INPUT,
        "a.jsonl:5,");
  }

  @Test
  void nothingToPrepareIsBadInputAndLeavesNothing() throws IOException {
    for (String nothing : List.of("", "\n \n")) {
      Files.writeString(folder.resolve("a.txt"), nothing);
      assertFault(
          () -> prepare(job("a.txt", of(bytePairs()))),
          ExitCode.BAD_INPUT,
          "no text to prepare",
          "a.txt");
      assertThat(folder.resolve("shards")).doesNotExist();
    }
    assertFault(() -> prepare(job("missing.txt", characters())), ExitCode.STORAGE, "missing.txt");
  }

  @Test
  void whatIsThereIsReplacedOnlyWhereItIsPreparedTextAndMayBe() throws IOException {
    Files.writeString(folder.resolve("a.txt"), TEXT);
    PreparationJob job = job("a.txt", characters());
    prepare(job);
    PreparationJob careful =
        new PreparationJob(
            job.input(),
            job.format(),
            job.field(),
            job.tokenization(),
            job.separator(),
            job.seed(),
            job.output(),
            false);
    assertFault(() -> prepare(careful), ExitCode.STORAGE, "there already", "--overwrite");
    prepare(job);
    Path precious = Files.writeString(folder.resolve("shards/precious.txt"), "mine");
    assertFault(() -> prepare(job), ExitCode.STORAGE, "something else", "precious.txt");
    assertThat(precious).hasContent("mine");
    assertThat(folder.resolve("shards/index.json")).exists();
  }

  @Test
  void aShardThatIsCutOffOrHasAFlippedBitAndAManifestThatIsCutOffAreRefused() throws IOException {
    Files.writeString(folder.resolve("a.txt"), "abc\ncab\n");
    PreparedText prepared = prepare(job("a.txt", characters()));
    prepared.verify();
    Path shard = folder.resolve("shards").resolve(prepared.index().shards().get(0).file());
    byte[] whole = Files.readAllBytes(shard);
    for (int length = 0; length < whole.length; length++) {
      Files.write(shard, Arrays.copyOf(whole, length));
      assertFault(prepared::verify, ExitCode.CORRUPT, shard.getFileName().toString());
    }
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(shard, flipped);
      assertFault(prepared::verify, ExitCode.CORRUPT, shard.getFileName().toString());
    }
    Files.delete(shard);
    assertFault(prepared::verify, ExitCode.STORAGE, "not there");
    Files.write(shard, whole);
    Path manifest = folder.resolve("shards/index.json");
    String text = Files.readString(manifest).stripTrailing();
    for (int length = 0; length < text.length(); length++) {
      Files.writeString(manifest, text.substring(0, length));
      assertFault(() -> find(), ExitCode.CORRUPT, "index.json");
    }
  }

  @Test
  void aWholeShardOfOtherTextAndAnotherTokenizerAreRefused() throws IOException {
    Files.writeString(folder.resolve("a.txt"), "abc\ncab\n");
    PreparedText prepared = prepare(job("a.txt", characters()));
    String name = prepared.index().shards().get(0).file();
    Path other = folder.resolve("other.tokens");
    Files.move(folder.resolve("shards").resolve(name), other);
    Files.writeString(folder.resolve("a.txt"), "abc\nbac\n");
    PreparedText changed = prepare(job("a.txt", characters()));
    Files.copy(
        other,
        folder.resolve("shards").resolve(name),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertFault(changed::verify, ExitCode.CORRUPT, "another shard", name);
    Path tokenizer = folder.resolve("shards/tokenizer.json");
    Files.writeString(tokenizer, Files.readString(tokenizer).replace("\"a\"", "\"x\""));
    assertFault(() -> find(), ExitCode.CORRUPT, "not the tokenizer", "SHA-256", "tokenizer.json");
    Files.delete(tokenizer);
    assertFault(() -> find(), ExitCode.CORRUPT, "without its tokenizer");
  }

  @Test
  void anIdAboveTheVocabularyIsNamedWithFileAndOffset() throws IOException {
    Files.writeString(folder.resolve("a.txt"), "abc\ncab\n");
    PreparedText prepared = prepare(job("a.txt", characters()));
    Path manifest = folder.resolve("shards/index.json");
    Files.writeString(
        manifest,
        Files.readString(manifest).replace("\"vocabulary_size\":5", "\"vocabulary_size\":3"));
    assertThat(prepared.index().vocabularySize()).isEqualTo(5);
    assertFault(
        () -> find().verify(),
        ExitCode.BAD_INPUT,
        "the token id 3 does not belong to a vocabulary of 3",
        prepared.index().shards().get(0).file() + " at byte ");
  }

  private PreparedText find() {
    return PreparedText.find(path("shards"), new Configuration()).orElseThrow();
  }

  @Test
  void aPreparationThatDidNotEndIsNoText() throws IOException {
    Files.writeString(folder.resolve("a.txt"), TEXT);
    prepare(job("a.txt", characters()));
    Files.delete(folder.resolve("shards/index.json"));
    assertThat(PreparedText.find(path("shards"), new Configuration())).isEmpty();
    Files.createDirectories(folder.resolve("mine"));
    Files.writeString(folder.resolve("mine/index.json"), "{\"pages\":[]}");
    Files.writeString(folder.resolve("mine/wiki.train.tokens"), "this is text");
    assertThat(PreparedText.find(path("mine"), new Configuration())).isEmpty();
    assertThat(SourceText.find(List.of(path("mine")), new Configuration()).files()).hasSize(2);
    assertFault(
        () -> SourceText.find(List.of(path("shards")), new Configuration()),
        ExitCode.CORRUPT,
        "a preparation did not end",
        "--overwrite");
    assertFault(
        () -> SourceText.find(List.of(path("shards"), path("a.txt")), new Configuration()),
        ExitCode.CORRUPT,
        "a preparation did not end");
    prepare(job("a.txt", characters()));
    assertFault(
        () -> SourceText.find(List.of(path("shards"), path("a.txt")), new Configuration()),
        ExitCode.USAGE,
        "and other text");
    try (var files = Files.walk(folder.resolve("shards"))) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(java.io.File::delete);
    }
  }

  private static void assertFault(Runnable run, ExitCode exitCode, String... parts) {
    assertThatThrownBy(run::run)
        .isInstanceOfSatisfying(
            WordmillException.class,
            fault -> {
              assertThat(fault.exitCode()).as(fault.line()).isEqualTo(exitCode);
              assertThat(fault.line()).contains(parts).doesNotContain("\n");
            });
  }
}
