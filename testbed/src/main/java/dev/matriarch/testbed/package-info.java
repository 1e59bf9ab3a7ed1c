/** Hosts in network namespaces, faults, end-to-end tests, benchmarks. */
package dev.matriarch.testbed;
