/**
 * What the agent is told: its YAML file, its environment, and the cluster's dynamic configuration.
 */
package dev.matriarch.agent.config;
