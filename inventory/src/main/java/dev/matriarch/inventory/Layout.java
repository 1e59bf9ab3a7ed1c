package dev.matriarch.inventory;

import java.util.List;

/** The file sorted into globals and groups. */
record Layout(Scope globals, List<Group> groups) {
  List<Group> of(Group.Kind kind) {
    return groups.stream().filter(group -> group.kind() == kind).toList();
  }
}
