package org.wordmill.counter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;

/**
 * How much room a job will need, about: a guess from the size of the text and the order, made
 * before the job begins, so that a disk which is too small is told of then and not when it is full.
 *
 * <p>The number of different n-grams, and with it everything, grows about with the square of the
 * order, and more slowly than the text. The factors are those of a text of some megabytes, rounded
 * up; operations.md has the measurements. More text needs less for each byte.
 *
 * @param textBytes without compression
 * @param scratch bytes of Spark's scratch space
 * @param outputs bytes by path
 */
record SpacePlan(long textBytes, int order, long scratch, Map<String, Long> outputs) {
  private static final double COUNT_SCRATCH = 0.07;
  private static final double SORTED_SCRATCH = 0.17;
  private static final double ESTIMATE_SCRATCH = 0.3;
  private static final double PARQUET_COUNTS = 0.17;
  private static final double LINES_OF_COUNTS = 0.5;
  private static final double ARPA = 0.9;
  private static final double PARQUET_MODEL = 0.35;
  private static final double GZIP = 0.35;

  /** Room that is left on a place for files. */
  record Room(String store, long free) {}

  /** Tells what room there is behind a path; empty where that cannot be told. */
  interface Rooms {
    Optional<Room> of(String path);
  }

  static SpacePlan ofCounts(long textBytes, CountOptions options, CountTarget target) {
    boolean lines = options.format() != CountOptions.Format.PARQUET;
    boolean gzip = options.compressed() || options.format() == CountOptions.Format.WEB1T;
    double output = lines ? LINES_OF_COUNTS * (gzip ? GZIP : 1) : PARQUET_COUNTS;
    return new SpacePlan(
        textBytes,
        options.order(),
        bytes(textBytes, options.order(), lines ? SORTED_SCRATCH : COUNT_SCRATCH),
        Map.of(target.directory(), bytes(textBytes, options.order(), output)));
  }

  static SpacePlan ofModel(long textBytes, EstimateOptions options, ModelTarget... targets) {
    int order = options.model().order();
    Map<String, Long> outputs = new LinkedHashMap<>();
    for (ModelTarget target : targets) {
      if (target instanceof ArpaTarget arpa) {
        double factor = arpa.path().endsWith(".gz") ? ARPA * GZIP : ARPA;
        outputs.put(arpa.path(), bytes(textBytes, order, factor));
      } else if (target instanceof ParquetTarget parquet) {
        outputs.put(parquet.directory(), bytes(textBytes, order, PARQUET_MODEL));
      }
    }
    return new SpacePlan(textBytes, order, bytes(textBytes, order, ESTIMATE_SCRATCH), outputs);
  }

  private static long bytes(long textBytes, int order, double factor) {
    return (long) (factor * order * order * textBytes);
  }

  /** Warns of places that look too small. Of a cluster's workers nothing is known here. */
  void check(JavaSparkContext spark, Logger log) {
    List<String> scratchPlaces = spark.sc().isLocal() ? Scratch.directories() : List.of();
    Configuration configuration = spark.hadoopConfiguration();
    shortages(scratchPlaces, path -> localRoom(path, configuration)).forEach(log::warn);
  }

  /** A sentence for each place where there is less room than the plan wants. */
  List<String> shortages(List<String> scratchPlaces, Rooms rooms) {
    Map<Room, Long> needs = new LinkedHashMap<>();
    Map<Room, List<String>> users = new LinkedHashMap<>();
    for (String place : scratchPlaces) {
      String user = "Spark's scratch space " + place;
      add(needs, users, rooms.of(place), scratch / scratchPlaces.size(), user);
    }
    outputs.forEach(
        (path, bytes) -> add(needs, users, rooms.of(path), bytes, "the output " + path));
    List<String> shortages = new ArrayList<>();
    needs.forEach(
        (room, need) -> {
          if (need > room.free()) {
            shortages.add(
                String.format(
                    Locale.ROOT,
                    "there may be too little room for %s: order %d of %s of text may take %s there,"
                        + " and %s are free; make room, or choose another place"
                        + " (spark.local.dir for scratch space)",
                    String.join(" and ", users.getOrDefault(room, List.of())),
                    order,
                    readable(textBytes),
                    readable(need),
                    readable(room.free())));
          }
        });
    return shortages;
  }

  private static void add(
      Map<Room, Long> needs,
      Map<Room, List<String>> users,
      Optional<Room> room,
      long bytes,
      String user) {
    if (room.isPresent()) {
      needs.merge(room.get(), bytes, Long::sum);
      users.computeIfAbsent(room.get(), none -> new ArrayList<>()).add(user);
    }
  }

  private static Optional<Room> localRoom(String name, Configuration configuration) {
    try {
      org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(name);
      if (!(FileSystems.plain(path, configuration) instanceof RawLocalFileSystem files)) {
        return Optional.empty();
      }
      Path place = files.pathToFile(path).toPath().toAbsolutePath();
      while (place.getParent() != null && !Files.exists(place)) {
        place = place.getParent();
      }
      // A file store tells its device and where that is mounted.
      var store = Files.getFileStore(place);
      return Optional.of(new Room(store.toString(), store.getUsableSpace()));
    } catch (IOException | RuntimeException e) {
      // Nobody asked for this; what is wrong with the path is told by those who use it.
      return Optional.empty();
    }
  }

  private static String readable(long bytes) {
    return bytes < 1 << 30
        ? String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0)
        : String.format(Locale.ROOT, "%.1f GiB", bytes / 1073741824.0);
  }
}
