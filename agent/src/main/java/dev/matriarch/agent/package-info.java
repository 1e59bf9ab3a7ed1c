/** The process on a node: turns the engine against the real things. */
package dev.matriarch.agent;
