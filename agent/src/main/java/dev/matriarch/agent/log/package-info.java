/** The agent's log, in the format that the field's tools read (drop-in contract, section 5). */
package dev.matriarch.agent.log;
