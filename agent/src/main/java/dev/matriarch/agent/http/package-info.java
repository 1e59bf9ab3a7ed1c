/**
 * A small HTTP/1.1 server that knows nothing of clusters: what one client may take of it is bounded
 * in connections, bytes and time, so that no client keeps another waiting.
 */
package dev.matriarch.agent.http;
