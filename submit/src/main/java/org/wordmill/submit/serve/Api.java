package org.wordmill.submit.serve;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the server answers, path by path. */
final class Api {
  private static final int MOST_NEXT = 100;

  /** Answers one kind of request. */
  private interface Answer {
    void to(Exchange exchange, TimeLimit limit) throws IOException;
  }

  private record Route(String method, Answer answer) {}

  private record Model(ModelLine line, TextScore score) {
    Served served() {
      return line.served();
    }
  }

  private final List<Model> models;
  private final Limits limits;
  private final long started = System.currentTimeMillis() / 1000;
  private final Page page = Page.load();
  private final Completions completions = new Completions();
  private final Map<String, Route> routes = new LinkedHashMap<>();

  /**
   * @param lines the first is that of requests that name none
   */
  Api(List<ModelLine> lines, Limits limits) {
    this.models =
        lines.stream().map(line -> new Model(line, new TextScore(line.served()))).toList();
    this.limits = limits;
    routes.put("/", new Route("GET", (exchange, limit) -> page(exchange)));
    routes.put("/healthz", new Route("GET", (exchange, limit) -> health(exchange)));
    routes.put("/v1/models", new Route("GET", (exchange, limit) -> models(exchange)));
    routes.put("/v1/completions", new Route("POST", this::complete));
    routes.put("/v1/score", new Route("POST", this::score));
    routes.put("/v1/next", new Route("POST", this::next));
  }

  /** A path for the log: one of ours, or nothing that a client has made up. */
  String known(String path) {
    return routes.containsKey(path) ? path : "(another path)";
  }

  /**
   * @throws HttpFault for a request that has no answer
   */
  void answer(Exchange exchange) throws IOException {
    Route route = routes.get(exchange.path());
    if (route == null) {
      throw HttpFault.invalid(
          404, "there is nothing at this path; there is " + String.join(", ", routes.keySet()));
    }
    boolean isHead = exchange.method().equals("HEAD") && route.method().equals("GET");
    if (!isHead && !exchange.method().equals(route.method())) {
      exchange.header("Allow", route.method());
      throw HttpFault.invalid(405, "this path answers " + route.method() + " only");
    }
    route.answer().to(exchange, new TimeLimit(limits.time()));
  }

  private void page(Exchange exchange) throws IOException {
    exchange.header("Content-Security-Policy", page.policy());
    exchange.header("Referrer-Policy", "no-referrer");
    exchange.send(200, "text/html", page.html());
  }

  private static void health(Exchange exchange) throws IOException {
    exchange.answer(Map.of("status", "ok"));
  }

  private void models(Exchange exchange) throws IOException {
    List<Map<String, Object>> data = models.stream().map(this::describe).toList();
    Map<String, Object> list = new LinkedHashMap<>();
    list.put("object", "list");
    list.put("data", data);
    exchange.answer(list);
  }

  private Map<String, Object> describe(Model model) {
    Served served = model.served();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("id", served.name());
    facts.put("object", "model");
    facts.put("created", started);
    facts.put("owned_by", "wordmill");
    facts.put("path", served.path());
    facts.put("kind", served.kind());
    facts.put("vocabulary", served.model().vocabulary().size());
    facts.put("of_sentences", served.ofSentences());
    return facts;
  }

  private void complete(Exchange exchange, TimeLimit limit) throws IOException {
    CompletionRequest request = CompletionRequest.of(exchange.body(), limits);
    completions.answer(exchange, request, model(request.model()).line(), limit);
  }

  private void score(Exchange exchange, TimeLimit limit) throws IOException {
    Fields fields = exchange.body();
    String name = fields.text("model", "");
    String text = fields.text("text");
    boolean perToken = fields.truth("per_token", true);
    fields.nothingElse();
    Model model = model(name);
    Map<String, Object> score =
        model.line().ask(limit, timed -> model.score().of(text, timed, perToken));
    exchange.note(score.get("tokens") + " tokens scored");
    exchange.answer(score);
  }

  private void next(Exchange exchange, TimeLimit limit) throws IOException {
    Fields fields = exchange.body();
    String name = fields.text("model", "");
    String prompt = fields.text("prompt");
    int most = fields.integer("top", 10, 1, MOST_NEXT);
    fields.nothingElse();
    Model model = model(name);
    exchange.answer(
        model.line().ask(limit, timed -> NextTokens.of(prompt, model.served(), timed, most)));
  }

  private Model model(String name) {
    Optional<Model> found =
        name.isEmpty()
            ? Optional.of(models.get(0))
            : models.stream()
                .filter(m -> name.equals(m.served().name()) || name.equals(m.served().path()))
                .findFirst();
    return found.orElseThrow(
        () ->
            new HttpFault(
                404,
                "model_not_found",
                "there is no model of this name; there is "
                    + String.join(", ", models.stream().map(m -> m.served().name()).toList()),
                "model"));
  }
}
