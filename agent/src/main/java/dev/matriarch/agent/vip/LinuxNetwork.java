package dev.matriarch.agent.vip;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.matriarch.agent.config.VipConfig;
import dev.matriarch.engine.Outcome;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A host's network by {@code ip} (iproute2). Addresses are put on with a lifetime, after which the
 * kernel takes them off by itself, and as deprecated ones, so that nothing this host sends has one
 * as its source by default: it may move away at any time.
 */
public final class LinuxNetwork implements Network {
  private static final Duration BUDGET = Duration.ofMillis(500);
  private static final List<String> PROGRAMS = List.of("/usr/sbin/ip", "/sbin/ip", "/usr/bin/ip");

  private final InetAddress node;

  /**
   * @param node what the node's own interface is found by
   */
  LinuxNetwork(InetAddress node) {
    this.node = requireNonNull(node, "node is null");
  }

  /** For the node that has this address. */
  public static LinuxNetwork of(String node) {
    return new LinuxNetwork(InetAddress.ofLiteral(node));
  }

  @Override
  public Sight look(VipConfig vip) {
    try {
      Optional<NetworkInterface> found = device(vip);
      if (found.isEmpty()) {
        return new Sight("", false, false);
      }
      NetworkInterface device = found.get();
      boolean bound = device.inetAddresses().anyMatch(it -> isSame(it, vip.address()));
      // Java calls an interface up when it is up and its link, too.
      return new Sight(device.getName(), bound, device.isUp());
    } catch (SocketException e) {
      return new Sight("", false, false);
    }
  }

  /** Addresses that Java read from an interface may carry its scope. */
  private static boolean isSame(InetAddress one, InetAddress other) {
    return Arrays.equals(one.getAddress(), other.getAddress());
  }

  private Optional<NetworkInterface> device(VipConfig vip) throws SocketException {
    return Optional.ofNullable(
        vip.network().equals(VipConfig.AUTO)
            ? NetworkInterface.getByInetAddress(node)
            : NetworkInterface.getByName(vip.network()));
  }

  @Override
  public Outcome hold(VipConfig vip, Duration lifetime) {
    String device = look(vip).device();
    if (device.isEmpty()) {
      return new Outcome.Failed("there is no network interface for it (" + vip.network() + ")");
    }
    String seconds = Long.toString(lifetime.toSeconds());
    List<String> order =
        new ArrayList<>(
            List.of(family(vip), "address", "replace", vip.block(), "dev", device, "valid_lft"));
    order.addAll(List.of(seconds, "preferred_lft", "0"));
    if (vip.address() instanceof Inet6Address) {
      // Whether somebody else has it takes a second to find out; the lease has settled it.
      order.add("nodad");
    }
    return ip(order).outcome();
  }

  @Override
  public Outcome drop(VipConfig vip) {
    Outcome outcome = dropOnce(vip);
    // Its time may have been up between the look and the deed.
    return outcome instanceof Outcome.Failed ? dropOnce(vip) : outcome;
  }

  private static Outcome dropOnce(VipConfig vip) {
    Said found = ip(List.of("-oneline", family(vip), "address", "show", "to", vip.text()));
    if (!(found.outcome() instanceof Outcome.Done)) {
      return found.outcome();
    }
    Outcome outcome = new Outcome.Done();
    for (String line : found.text().lines().toList()) {
      String[] fields = line.strip().split("\\s+", -1);
      List<String> order = List.of(family(vip), "address", "delete", fields[3], "dev", fields[1]);
      Outcome dropped = ip(order).outcome();
      outcome = dropped instanceof Outcome.Done ? outcome : dropped;
    }
    return outcome;
  }

  @Override
  public Outcome announce(VipConfig vip) {
    try {
      Optional<NetworkInterface> found = device(vip);
      if (found.isEmpty()) {
        return new Outcome.Failed("there is no network interface for it");
      }
      byte[] hardware = found.get().getHardwareAddress();
      if (hardware == null || hardware.length != 6) {
        return new Outcome.Done(); // Such an interface has no neighbours to tell.
      }
      for (Announcement frame : Announcement.of(vip.address(), hardware)) {
        PacketSocket.send(found.get().getIndex(), frame);
      }
      return new Outcome.Done();
    } catch (IOException e) {
      return new Outcome.Failed(e.getMessage());
    }
  }

  private static String family(VipConfig vip) {
    return vip.address() instanceof Inet6Address ? "-6" : "-4";
  }

  /** How a command ended, and what it printed. */
  private record Said(Outcome outcome, String text) {}

  private static Said ip(List<String> arguments) {
    Optional<String> program =
        PROGRAMS.stream().filter(path -> Files.isExecutable(Path.of(path))).findFirst();
    if (program.isEmpty()) {
      return new Said(new Outcome.Failed("ip is not there: install iproute2"), "");
    }
    List<String> line = new ArrayList<>(List.of(program.get()));
    line.addAll(arguments);
    Process process;
    try {
      process = new ProcessBuilder(line).redirectErrorStream(true).start();
    } catch (IOException e) {
      return new Said(new Outcome.Failed(e.getMessage()), "");
    }
    try {
      if (!process.waitFor(BUDGET.toNanos(), TimeUnit.NANOSECONDS)) {
        return new Said(new Outcome.Unknown("ip: no answer within 500 ms"), "");
      }
      String text = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
      return new Said(
          process.exitValue() == 0 ? new Outcome.Done() : new Outcome.Failed("ip: " + text), text);
    } catch (IOException e) {
      return new Said(new Outcome.Unknown("ip: " + e.getMessage()), "");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Said(new Outcome.Unknown("ip: interrupted"), "");
    } finally {
      process.destroyForcibly();
    }
  }
}
