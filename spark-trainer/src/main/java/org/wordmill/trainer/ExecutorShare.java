package org.wordmill.trainer;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.OffHeapMemory;
import org.wordmill.kernel.Precision;
import org.wordmill.train.EvaluationStep;
import org.wordmill.train.Examples;
import org.wordmill.train.LookAhead;
import org.wordmill.train.MemoryEstimate;
import org.wordmill.train.ModelWorkspace;
import org.wordmill.train.Tokens;
import org.wordmill.train.TrainingConfig;
import org.wordmill.train.TrainingStep;
import org.wordmill.train.WorkerTeam;

/**
 * What one executor keeps of one run from task to task: the token shards, mapped into memory or the
 * blocks of them that it has read, and workspaces for as many tasks as it runs at once. Tasks come
 * and go in any order and on any thread, so a task borrows a workspace; what it finds there it
 * overwrites.
 *
 * <p>This is the one piece of static state in the trainer. Spark gives tasks no other place to keep
 * things in an executor; it holds nothing that cannot be made again from the {@link RunSpec}, and
 * at most {@value #RUNS} runs, so that a long-lived context does not gather the models of old ones.
 */
final class ExecutorShare {
  private static final Logger LOG = LoggerFactory.getLogger(ExecutorShare.class);
  private static final int RUNS = 2;

  /** By run, the one used last at the end. */
  private static final Map<String, ExecutorShare> SHARES =
      new LinkedHashMap<>(4, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, ExecutorShare> eldest) {
          return size() > RUNS;
        }
      };

  private final TrainingConfig config;
  private final TrainingStep trainingStep;
  private final EvaluationStep evaluationStep;
  private @Nullable WorkerTeam team;

  /** The blocks of steps whose tasks have been here, and may have left some. */
  private final NavigableSet<Long> seen = new TreeSet<>();

  private final Deque<ModelWorkspace> idle = new ArrayDeque<>();

  /** The id of the newest step whose task has borrowed a workspace; guarded by {@link #idle}. */
  private long newest = Long.MIN_VALUE;

  private ExecutorShare(RunSpec spec) {
    BlockLog.quieten();
    this.config = spec.config();
    Configuration configuration = spec.hadoop().value().value();
    BlockCache cache = BlockCache.ofHeap();
    Corpus training = new Corpus(spec.trainingFolder(), configuration, cache);
    Examples examples = Examples.training(config, training.tokens(spec.sources()));
    this.trainingStep =
        new TrainingStep(training.isRemote() ? new LookAhead(examples) : examples, config);
    this.evaluationStep =
        new EvaluationStep(
            Examples.of(
                config, new Corpus(spec.validationFolder(), configuration, cache).tokens(1).get(0)),
            config.batching(),
            config.schedule().evaluationBatches());
  }

  /** The shards of a folder, read where they lie. */
  private static final class Corpus {
    private final TokenStore store;
    private final TokenIndex index;
    private final List<StoredShard> shards;

    Corpus(Path folder, Configuration configuration, BlockCache cache) {
      this.store = new TokenStore(folder, configuration);
      this.index =
          store
              .index()
              .orElseThrow(
                  () ->
                      new WordmillException(
                          ExitCode.STORAGE,
                          "the token shards are not there",
                          folder.toString(),
                          "use an output directory that every machine sees"));
      this.shards = store.shards(index, cache);
    }

    List<Tokens> tokens(int sources) {
      return store.open(index, sources, shards);
    }

    boolean isRemote() {
      return shards.stream().anyMatch(StoredShard::isRemote);
    }
  }

  /** This executor's share of a run, made when the run's first task comes. */
  static ExecutorShare of(RunSpec spec) {
    synchronized (SHARES) {
      ExecutorShare share = SHARES.get(spec.run());
      if (share == null) {
        share = new ExecutorShare(spec);
        SHARES.put(spec.run(), share);
      }
      return share;
    }
  }

  /** Forgets a run in this process. */
  static void forget(String run) {
    synchronized (SHARES) {
      SHARES.remove(run);
    }
  }

  TrainingStep trainingStep() {
    return trainingStep;
  }

  EvaluationStep evaluationStep() {
    return evaluationStep;
  }

  /** Names the team that workers of this process join. */
  synchronized void employ(WorkerTeam employed) {
    this.team = employed;
  }

  /** The team to join. */
  synchronized WorkerTeam team() {
    if (team == null) {
      throw new IllegalStateException("no training in this process waits for workers");
    }
    return team;
  }

  /**
   * A task of this process begins that finds its parameters in {@code blocks}. Those of earlier
   * steps go away, in case that a task which nobody waited for has left some behind; not those of
   * the last one, which the driver has go away just now: of two who remove a block, one would fail.
   */
  void begin(StepBlocks blocks) {
    List<StepBlocks> old;
    synchronized (seen) {
      if (!seen.add(blocks.id())) {
        return;
      }
      Long last = seen.lower(blocks.id());
      if (last == null) {
        return;
      }
      old = seen.headSet(last).stream().map(StepBlocks::new).toList();
      seen.headSet(last).clear();
    }
    // Not waited for: somebody may be reading one.
    old.forEach(blocksLeft -> CompletableFuture.runAsync(() -> remove(blocksLeft)));
  }

  private static void remove(StepBlocks left) {
    try {
      left.removeHere();
    } catch (RuntimeException e) {
      LOG.warn("blocks of an earlier step stay until the run ends", e);
    }
  }

  /**
   * A workspace for the current thread, to be given back. Other processes may be reading the
   * parameters of the newest step in one that lies idle. So a late task of an older step, whose
   * result nobody wants, gets none: what it writes there would get into their gradients.
   *
   * @param step whose task the thread runs; of two steps of a run the earlier one has the lower id,
   *     and is over when a task of the later one begins
   * @throws IllegalStateException when a task of a later step has borrowed one
   */
  ModelWorkspace borrow(StepBlocks step) {
    ModelWorkspace found;
    synchronized (idle) {
      if (step.id() < newest) {
        throw new IllegalStateException("the step is over, and nobody wants the task's result");
      }
      newest = step.id();
      found = idle.poll();
    }
    return entered(found);
  }

  /** Like the other, for a thread that has it as long as the run lasts. */
  ModelWorkspace borrow() {
    ModelWorkspace found;
    synchronized (idle) {
      found = idle.poll();
    }
    return entered(found);
  }

  private ModelWorkspace entered(@Nullable ModelWorkspace found) {
    ModelWorkspace workspace = found;
    if (workspace == null) {
      Kernels kernels = config.kernels().create(Precision.FLOAT);
      OffHeapMemory.require(MemoryEstimate.of(config).task(), "one more task at a time", kernels);
      workspace = new ModelWorkspace(config.model().build(), kernels, config.recompute());
    }
    workspace.enter();
    return workspace;
  }

  void giveBack(ModelWorkspace workspace) {
    synchronized (idle) {
      idle.push(workspace);
    }
  }
}
