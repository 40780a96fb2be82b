package org.wordmill.submit.serve;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.wordmill.format.json.Json;

/**
 * {@code POST /v1/completions}: a text that a model draws, whole or as server-sent events, in the
 * form of OpenAI's API.
 *
 * <p>The model's thread draws and never waits for a client: pieces go to a queue, from which the
 * request's own thread writes them.
 */
final class Completions {
  private final AtomicLong ids = new AtomicLong(System.currentTimeMillis() << 20);

  /** What all parts of one answer say alike. */
  private record Head(String id, long created, String model) {
    Map<String, Object> with(List<?> choices, Completion.@Nullable Usage usage) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("id", id);
      object.put("object", "text_completion");
      object.put("created", created);
      object.put("model", model);
      object.put("choices", choices);
      if (usage != null) {
        Map<String, Object> tokens = new LinkedHashMap<>();
        tokens.put("prompt_tokens", usage.prompt());
        tokens.put("completion_tokens", usage.completion());
        tokens.put("total_tokens", usage.prompt() + usage.completion());
        object.put("usage", tokens);
      }
      return object;
    }
  }

  void answer(Exchange exchange, CompletionRequest request, ModelLine line, TimeLimit limit)
      throws IOException {
    String id = "cmpl-" + Long.toHexString(ids.incrementAndGet());
    Head head = new Head(id, System.currentTimeMillis() / 1000, line.served().name());
    if (request.stream()) {
      stream(exchange, request, line, limit, head);
    } else {
      whole(exchange, request, line, limit, head);
    }
  }

  private static void whole(
      Exchange exchange, CompletionRequest request, ModelLine line, TimeLimit limit, Head head)
      throws IOException {
    List<Completion.Piece> pieces = new ArrayList<>();
    Completion.Usage usage =
        line.ask(limit, model -> draw(request, line.served(), model, pieces::add));
    exchange.note(note(usage));
    StringBuilder text = new StringBuilder();
    List<Completion.TokenLog> tokens = new ArrayList<>();
    for (Completion.Piece piece : pieces) {
      text.append(piece.text());
      tokens.addAll(piece.tokens());
    }
    String reason = pieces.get(pieces.size() - 1).finishReason();
    Completion.Piece all = new Completion.Piece(text.toString(), tokens, reason);
    exchange.answer(head.with(List.of(choice(request, all)), usage));
  }

  private static Completion.Usage draw(
      CompletionRequest request, Served served, TimedModel model, Consumer<Completion.Piece> out) {
    return Completion.draw(request, model, served.tokenizer(), served.ofSentences(), out);
  }

  private static String note(Completion.Usage usage) {
    return usage.prompt() + " tokens read, " + usage.completion() + " drawn";
  }

  private static void stream(
      Exchange exchange, CompletionRequest request, ModelLine line, TimeLimit limit, Head head)
      throws IOException {
    // Empty is the end, of whatever kind.
    BlockingQueue<Optional<Completion.Piece>> pieces = new LinkedBlockingQueue<>();
    FutureTask<Completion.Usage> task =
        line.join(
            limit,
            model -> {
              try {
                return draw(request, line.served(), model, piece -> pieces.add(Optional.of(piece)));
              } finally {
                pieces.add(Optional.empty());
              }
            });
    try {
      Optional<Completion.Piece> piece = next(pieces, limit);
      if (piece.isEmpty()) {
        ModelLine.answer(task, limit);
      }
      exchange.beginEvents();
      while (piece.isPresent()) {
        exchange.event(Json.write(head.with(List.of(choice(request, piece.get())), null)));
        piece = next(pieces, limit);
      }
      end(exchange, request, task, limit, head);
    } finally {
      line.leave(task, limit);
    }
  }

  /** Ends a stream that has begun; a fault can no longer be a status, so it is an event. */
  private static void end(
      Exchange exchange,
      CompletionRequest request,
      FutureTask<Completion.Usage> task,
      TimeLimit limit,
      Head head)
      throws IOException {
    try {
      Completion.Usage usage = ModelLine.answer(task, limit);
      exchange.note(note(usage));
      if (request.usage()) {
        exchange.event(Json.write(head.with(List.of(), usage)));
      }
      exchange.event("[DONE]");
    } catch (HttpFault fault) {
      exchange.note("cut off: " + fault.status());
      exchange.event(fault.json());
    }
  }

  private static Optional<Completion.Piece> next(
      BlockingQueue<Optional<Completion.Piece>> pieces, TimeLimit limit) {
    try {
      @Nullable Optional<Completion.Piece> piece =
          pieces.poll(limit.remainingNanos(), TimeUnit.NANOSECONDS);
      return piece == null ? Optional.empty() : piece;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw HttpFault.stopping();
    }
  }

  private static Map<String, Object> choice(CompletionRequest request, Completion.Piece piece) {
    Map<String, Object> choice = new LinkedHashMap<>();
    choice.put("text", piece.text());
    choice.put("index", 0);
    choice.put("logprobs", request.logprobs() < 0 ? null : logprobs(piece.tokens()));
    choice.put("finish_reason", piece.finishReason());
    return choice;
  }

  private static Map<String, Object> logprobs(List<Completion.TokenLog> tokens) {
    Map<String, Object> logprobs = new LinkedHashMap<>();
    logprobs.put("tokens", tokens.stream().map(Completion.TokenLog::token).toList());
    logprobs.put(
        "token_logprobs", tokens.stream().map(Completion.TokenLog::logProbability).toList());
    logprobs.put("top_logprobs", tokens.stream().map(Completion.TokenLog::top).toList());
    logprobs.put("text_offset", tokens.stream().map(Completion.TokenLog::offset).toList());
    return logprobs;
  }
}
