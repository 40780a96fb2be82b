package org.wordmill.lecture;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A computation graph of numbers, built by computing, and three ways through it backward. Every
 * node keeps the derivatives of its value with respect to its inputs, so that the chain rule is all
 * that backward needs:
 *
 * <pre>
 * dy/dv = sum over the nodes u that have v as an input of dy/du du/dv
 * </pre>
 *
 * Not thread-safe. Source: lecture, backward computation, versions A and B.
 */
public final class ScalarGraph {

  /**
   * A value, with what it was computed from.
   *
   * @param number counted from 0 in the order of computation, which is a topological order
   */
  public record Node(int number, String name, double value, List<Edge> inputs) {}

  /** An input of a node, with the derivative of the node's value with respect to it. */
  public record Edge(Node from, double derivative) {}

  private final List<Node> nodes = new ArrayList<>();

  public Node input(String name, double value) {
    return add(name, value);
  }

  public Node plus(Node a, Node b) {
    return add("+", a.value() + b.value(), new Edge(a, 1), new Edge(b, 1));
  }

  public Node times(Node a, Node b) {
    return add("*", a.value() * b.value(), new Edge(a, b.value()), new Edge(b, a.value()));
  }

  public Node over(Node a, Node b) {
    double derivative = -a.value() / (b.value() * b.value());
    return add("/", a.value() / b.value(), new Edge(a, 1 / b.value()), new Edge(b, derivative));
  }

  public Node exp(Node a) {
    return add("exp", Math.exp(a.value()), new Edge(a, Math.exp(a.value())));
  }

  public Node log(Node a) {
    return add("log", Math.log(a.value()), new Edge(a, 1 / a.value()));
  }

  public Node sin(Node a) {
    return add("sin", Math.sin(a.value()), new Edge(a, Math.cos(a.value())));
  }

  private Node add(String name, double value, Edge... inputs) {
    Node node = new Node(nodes.size(), name, value, List.of(inputs));
    nodes.add(node);
    return node;
  }

  /** The nodes in the order of computation. */
  public List<Node> nodes() {
    return List.copyOf(nodes);
  }

  /**
   * Version A: visits the nodes from the last to the first, and each gathers its derivative from
   * the nodes that use it, all of which are complete.
   *
   * @return dy/dv by number of v
   */
  public double[] gather(Node y) {
    double[] derivative = new double[nodes.size()];
    derivative[y.number()] = 1;
    for (int v = y.number() - 1; v >= 0; v--) {
      for (Node user : nodes.subList(v + 1, y.number() + 1)) {
        for (Edge input : user.inputs()) {
          if (input.from().number() == v) {
            derivative[v] += derivative[user.number()] * input.derivative();
          }
        }
      }
    }
    return derivative;
  }

  /**
   * Version B: visits the nodes from the last to the first, and each, being complete, adds its part
   * to the derivatives of its inputs. No node has to know who uses it, so this is what a tape does.
   *
   * @return dy/dv by number of v
   */
  public double[] scatter(Node y) {
    double[] derivative = new double[nodes.size()];
    derivative[y.number()] = 1;
    for (int u = y.number(); u >= 0; u--) {
      for (Edge input : nodes.get(u).inputs()) {
        derivative[input.from().number()] += derivative[u] * input.derivative();
      }
    }
    return derivative;
  }

  /**
   * The mistake: version B with a queue from y on, in which an input waits as soon as one of its
   * users was visited. It passes its derivative on before all of them were, so the derivatives are
   * wrong wherever the ways from y to a node differ in length.
   *
   * @return numbers by number of v that are no derivatives
   */
  public double[] scatterByQueue(Node y) {
    double[] derivative = new double[nodes.size()];
    derivative[y.number()] = 1;
    boolean[] seen = new boolean[nodes.size()];
    Deque<Node> queue = new ArrayDeque<>(List.of(y));
    while (!queue.isEmpty()) {
      Node u = queue.remove();
      for (Edge input : u.inputs()) {
        derivative[input.from().number()] += derivative[u.number()] * input.derivative();
        if (!seen[input.from().number()]) {
          seen[input.from().number()] = true;
          queue.add(input.from());
        }
      }
    }
    return derivative;
  }
}
