/** Cluster names in DNS that follow the primary. */
package dev.matriarch.agent.names;
