/** Inventory to every file a node needs. */
package dev.matriarch.render;
