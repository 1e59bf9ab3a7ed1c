/**
 * Tries the engine: members, etcd, PostgreSQL and the network as models in virtual time, faults
 * drawn from a seed, and what must never happen checked after every event.
 */
package dev.matriarch.engine.sim;
