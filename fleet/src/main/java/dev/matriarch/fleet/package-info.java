/** Many nodes from one desk. */
package dev.matriarch.fleet;
