package dev.matriarch.agent.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.matriarch.agent.vip.Standing;
import java.util.List;

/** {@code GET /vip}: the addresses that follow the leader, as they stand on this host. */
final class VipJson {
  private VipJson() {}

  static ArrayNode of(List<Standing> standings) {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    for (Standing standing : standings) {
      all.addObject()
          .put("address", standing.block())
          .put("interface", standing.device())
          .put("bound", standing.bound())
          .put("linked", standing.linked())
          .put("trouble", standing.trouble());
    }
    return all;
  }
}
