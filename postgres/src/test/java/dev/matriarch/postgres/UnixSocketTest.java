package dev.matriarch.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnixSocketTest {
  @TempDir private Path folder;

  @Test
  void aReadThatTimesOutMayBeTriedAgain() throws IOException {
    Path path = folder.resolve("s");
    try (ServerSocketChannel listener = listen(path);
        Socket socket = connect(path);
        SocketChannel peer = listener.accept()) {
      socket.setSoTimeout(20);
      InputStream in = socket.getInputStream();
      assertThatThrownBy(in::read).isInstanceOf(SocketTimeoutException.class);
      peer.write(ByteBuffer.wrap(new byte[] {7, 8}));
      assertThat(in.read()).isEqualTo(7);
      assertThat(in.read()).isEqualTo(8);
      socket.getOutputStream().write(9);
      ByteBuffer got = ByteBuffer.allocate(4);
      assertThat(peer.read(got)).isEqualTo(1);
      assertThat(got.get(0)).isEqualTo((byte) 9);
      peer.shutdownOutput();
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  @Test
  void aWriteToAPeerThatNeverReadsTimesOut() throws IOException {
    Path path = folder.resolve("s");
    try (ServerSocketChannel listener = listen(path);
        Socket socket = connect(path);
        SocketChannel peer = listener.accept()) {
      assertThat(peer.isConnected()).isTrue();
      socket.setSoTimeout(20);
      byte[] much = new byte[4 << 20];
      assertThatThrownBy(() -> socket.getOutputStream().write(much))
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void aFullQueueOfConnectionsTimesOut() throws IOException {
    Path path = folder.resolve("s");
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(UnixDomainSocketAddress.of(path), 1);
      try (Socket one = connect(path);
          Socket two = connect(path);
          Socket three = new UnixSocketFactory(path.toString()).createSocket()) {
        assertThat(one.isConnected() && two.isConnected()).isTrue();
        assertThatThrownBy(() -> three.connect(UnixDomainSocketAddress.of(path), 30))
            .isInstanceOf(SocketTimeoutException.class);
      }
    }
  }

  @RepeatedTest(20)
  void closingEndsAReadUnderWay() throws Exception {
    Path path = folder.resolve("s");
    try (ServerSocketChannel listener = listen(path);
        Socket socket = connect(path);
        SocketChannel peer = listener.accept()) {
      assertThat(peer.isConnected()).isTrue();
      AtomicReference<Throwable> seen = new AtomicReference<>();
      Thread reader =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      seen.set(new AssertionError("read " + socket.getInputStream().read()));
                    } catch (IOException | RuntimeException e) {
                      seen.set(e);
                    }
                  });
      socket.getOutputStream().close();
      assertThat(reader.join(Duration.ofSeconds(10))).isTrue();
      assertThat(seen.get()).isInstanceOf(IOException.class);
    }
  }

  @Test
  void nobodyListeningIsSaid() {
    assertThatThrownBy(() -> connect(folder.resolve("none")).close())
        .isInstanceOf(SocketException.class);
  }

  private static ServerSocketChannel listen(Path path) throws IOException {
    ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listener.bind(UnixDomainSocketAddress.of(path));
    return listener;
  }

  private static Socket connect(Path path) throws IOException {
    Socket socket = new UnixSocketFactory(path.toString()).createSocket();
    socket.connect(UnixDomainSocketAddress.of(path), 1_000);
    return socket;
  }
}
