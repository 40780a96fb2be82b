package org.wordmill.lecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.wordmill.lecture.ScalarGraph.Node;

/** Gathering and scattering give the same derivatives, and a queue does not. */
class ScalarGraphTest {

  /** y = exp(x z) + x z / log x + sin(log x) / (x z), with its derivatives by calculus. */
  @Test
  void bothVersionsGiveTheDerivativesOfCalculus() {
    double x = 2.5;
    double z = 0.4;
    ScalarGraph graph = new ScalarGraph();
    Node first = graph.input("x", x);
    Node second = graph.input("z", z);
    Node product = graph.times(first, second);
    Node log = graph.log(first);
    Node y =
        graph.plus(
            graph.plus(graph.exp(product), graph.over(product, log)),
            graph.over(graph.sin(log), product));
    assertThat(y.value())
        .isEqualTo(Math.exp(x * z) + x * z / Math.log(x) + Math.sin(Math.log(x)) / (x * z));
    double dx =
        z * Math.exp(x * z)
            + z / Math.log(x)
            - z / Math.pow(Math.log(x), 2)
            + Math.cos(Math.log(x)) / x / (x * z)
            - Math.sin(Math.log(x)) / (x * x * z);
    double dz = x * Math.exp(x * z) + x / Math.log(x) - Math.sin(Math.log(x)) / (x * z * z);
    assertThat(graph.gather(y)).startsWith(new double[] {dx, dz}, within(1e-12));
    assertThat(graph.scatter(y)).startsWith(new double[] {dx, dz}, within(1e-12));
  }

  @Test
  void gatheringAndScatteringAreEqualOnRandomGraphs() {
    for (long seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      ScalarGraph graph = new ScalarGraph();
      List<Node> nodes = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        nodes.add(graph.input("x" + i, random.nextDouble(0.5, 1.5)));
      }
      for (int i = 0; i < 20; i++) {
        Node a = nodes.get(random.nextInt(nodes.size()));
        Node b = nodes.get(random.nextInt(nodes.size()));
        nodes.add(
            switch (random.nextInt(3)) {
              case 0 -> graph.plus(graph.sin(a), b);
              case 1 -> graph.times(graph.sin(a), b);
              default -> graph.sin(b);
            });
      }
      Node y = nodes.get(random.nextInt(3, nodes.size()));
      double[] gathered = graph.gather(y);
      double[] scattered = graph.scatter(y);
      for (int i = 0; i < gathered.length; i++) {
        double scale = Math.max(1, Math.abs(gathered[i]));
        assertThat(scattered[i] / scale).isCloseTo(gathered[i] / scale, within(1e-12));
      }
    }
  }

  /** y = (x + x) x: dy/dx = 4 x. A queue passes x on before its sum with itself has come back. */
  @Test
  void aQueueInsteadOfAStackGivesAWrongDerivative() {
    ScalarGraph graph = new ScalarGraph();
    Node x = graph.input("x", 3);
    Node v = graph.plus(x, x);
    Node w = graph.sin(v);
    Node y = graph.times(w, v);
    double right = 2 * (Math.sin(6) + 6 * Math.cos(6));
    assertThat(graph.scatter(y)[0]).isCloseTo(right, within(1e-12));
    assertThat(graph.gather(y)[0]).isCloseTo(right, within(1e-12));
    Node u = graph.plus(graph.exp(graph.sin(v)), v);
    double[] stack = graph.scatter(u);
    double[] queue = graph.scatterByQueue(u);
    assertThat(stack[0]).isCloseTo(2 * (Math.exp(Math.sin(6)) * Math.cos(6) + 1), within(1e-12));
    // The queue visits v, one step from u, before exp and sin have added their part to it.
    assertThat(queue[0]).isEqualTo(2);
  }
}
