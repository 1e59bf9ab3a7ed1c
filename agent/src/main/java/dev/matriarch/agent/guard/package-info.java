/** What keeps a primary from outliving its lease even when its agent cannot act any more. */
package dev.matriarch.agent.guard;
