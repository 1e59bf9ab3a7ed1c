/** Programs of the operator that the agent runs: callbacks, bootstrap and replica methods. */
package dev.matriarch.agent.script;
