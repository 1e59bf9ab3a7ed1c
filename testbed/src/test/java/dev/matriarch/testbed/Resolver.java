package dev.matriarch.testbed;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Asks one DNS server for IPv4 addresses, past whatever this host would ask. */
final class Resolver {
  private static final int PORT = 53;

  private final InetSocketAddress server;

  Resolver(String address) {
    this.server = new InetSocketAddress(InetAddress.ofLiteral(address), PORT);
  }

  /** The addresses of a name; none when there is no such name. */
  List<String> ask(String name) throws IOException {
    var question = ByteBuffer.allocate(512).putShort((short) 7).putShort((short) 0x0100);
    question.putShort((short) 1).putShort((short) 0).putInt(0);
    for (String label : name.split("\\.", -1)) {
      question.put((byte) label.length()).put(label.getBytes(US_ASCII));
    }
    question.put((byte) 0).putShort((short) 1).putShort((short) 1);
    int asked = question.position();
    try (var socket = new DatagramSocket()) {
      socket.setSoTimeout(2_000);
      socket.send(new DatagramPacket(question.array(), asked, server));
      var packet = new DatagramPacket(new byte[512], 512);
      socket.receive(packet);
      return answers(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()), asked);
    }
  }

  private List<String> answers(ByteBuffer packet, int asked) throws IOException {
    int count = packet.getShort(6);
    packet.position(asked);
    var addresses = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      packet.getShort(); // Its name, told by where the question has it.
      int type = packet.getShort();
      packet.getShort();
      packet.getInt();
      var data = new byte[packet.getShort()];
      packet.get(data);
      if (type == 1) {
        addresses.add(InetAddress.getByAddress(data).getHostAddress());
      }
    }
    return addresses;
  }
}
