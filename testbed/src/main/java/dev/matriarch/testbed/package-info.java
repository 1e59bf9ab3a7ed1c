/**
 * Hosts in network namespaces, faults by name, clients that check what they were told, end-to-end
 * tests, benchmarks.
 *
 * <p>A {@link dev.matriarch.testbed.Network} holds {@link dev.matriarch.testbed.Host}s on a bridge;
 * a {@link dev.matriarch.testbed.Cluster} runs {@code matriarch node run} on three of them; a
 * {@link dev.matriarch.testbed.Scenario} applies a {@link dev.matriarch.testbed.Fault} under load
 * and hands out an {@link dev.matriarch.testbed.Outcome} that names all that is wrong. Everything
 * needs root.
 *
 * <p>The end-to-end tests carry the tag {@code e2e} and run only when asked for: {@code mvn -pl
 * testbed -am test -Dtest.excludedGroups= -Dgroups=e2e}. {@code -Dtestbed.keep=true} leaves a
 * cluster's files in place, {@code -Dtestbed.rest.seconds=300} watches agents at rest for longer.
 */
package dev.matriarch.testbed;
