/** The REST interface of one agent, and how it asks its peers' (drop-in contract, section 6). */
package dev.matriarch.agent.rest;
