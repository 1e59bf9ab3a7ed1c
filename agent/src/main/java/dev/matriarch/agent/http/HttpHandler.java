package dev.matriarch.agent.http;

import java.io.IOException;

/** Answers requests, each exactly once; called by many threads. */
@FunctionalInterface
public interface HttpHandler {
  void handle(Exchange exchange) throws IOException, BadRequest, InterruptedException;
}
