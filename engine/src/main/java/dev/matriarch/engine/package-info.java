/** Who leads and what a member does next: pure decisions, and the simulator that tries them. */
package dev.matriarch.engine;
