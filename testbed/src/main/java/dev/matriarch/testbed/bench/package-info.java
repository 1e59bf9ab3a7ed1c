/** Comparisons with a peer: the same clients and the same faults on two stacks, and a table. */
package dev.matriarch.testbed.bench;
