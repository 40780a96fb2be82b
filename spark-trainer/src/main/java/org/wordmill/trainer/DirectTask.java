package org.wordmill.trainer;

import java.io.IOException;
import java.io.Serializable;
import java.net.InetSocketAddress;
import java.util.Collections;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/**
 * The task of a barrier stage that is one worker of a team until the team ends; its partition's
 * number is the worker's rank.
 */
final class DirectTask extends AbstractFunction1<Iterator<Integer>, Iterator<Integer>>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  private final RunSpec spec;
  private final int workers;
  private final DirectNetwork network;
  private final int leaderPort;
  private final DirectSecret secret;

  DirectTask(
      RunSpec spec, int workers, DirectNetwork network, int leaderPort, DirectSecret secret) {
    this.spec = spec;
    this.workers = workers;
    this.network = network;
    this.leaderPort = leaderPort;
    this.secret = secret;
  }

  RunSpec spec() {
    return spec;
  }

  int workers() {
    return workers;
  }

  InetSocketAddress leader() {
    return new InetSocketAddress(network.host(), leaderPort);
  }

  DirectSecret secret() {
    return secret;
  }

  DirectNetwork network() {
    return network;
  }

  @Override
  public Iterator<Integer> apply(Iterator<Integer> number) {
    String host = SparkEnv.get().blockManager().blockManagerId().host();
    try {
      new DirectWorker(this, TaskContext.getPartitionId()).serve(host);
    } catch (IOException e) {
      throw new IllegalStateException("the worker has no connection to the driver", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the worker was ended", e);
    }
    return CollectionConverters.asScala(Collections.<Integer>emptyIterator());
  }
}
