package dev.matriarch.chronicle;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.ZipException;

/** Compressed data whose writer was cut off: it ends where no more can be made of it. */
final class Forgiving extends FilterInputStream {
  Forgiving(InputStream in) {
    super(in);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    try {
      return in.read(into, from, length);
    } catch (EOFException | ZipException e) {
      return -1;
    }
  }
}
