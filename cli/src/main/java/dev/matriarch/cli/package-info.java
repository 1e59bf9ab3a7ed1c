/** The matriarch command: arguments in, one call, answer out. */
package dev.matriarch.cli;
