package dev.matriarch.etcd;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Keys as older tools write them, put into the wrapping that the JDK reads: PKCS#8 is the kind of
 * the key and then these same bytes.
 */
final class OldKeys {
  private static final byte[] VERSION = HexFormat.of().parseHex("020100");
  private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");
  private static final byte[] CURVE = HexFormat.of().parseHex("06072a8648ce3d0201");
  private static final int SEQUENCE = 0x30;
  private static final int BYTES = 0x04;

  /** The tag behind which a key of an elliptic curve names its curve. */
  private static final int PARAMETERS = 0xa0;

  private OldKeys() {}

  static byte[] rsa(byte[] key) {
    return element(SEQUENCE, VERSION, RSA, element(BYTES, key));
  }

  /**
   * @throws IOException if the key does not name its curve
   */
  static byte[] curve(byte[] key) throws IOException {
    try {
      int at = content(key, 0);
      while (at < key.length && (key[at] & 0xff) != PARAMETERS) {
        at = content(key, at) + length(key, at);
      }
      byte[] name = Arrays.copyOfRange(key, content(key, at), content(key, at) + length(key, at));
      return element(SEQUENCE, VERSION, element(SEQUENCE, CURVE, name), element(BYTES, key));
    } catch (IndexOutOfBoundsException e) {
      throw new IOException("the key does not name its curve", e);
    }
  }

  /** Where the content of the element at that place begins. */
  private static int content(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    return at + 2 + (first < 0x80 ? 0 : first - 0x80);
  }

  private static int length(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    if (first < 0x80) {
      return first;
    }
    int length = 0;
    for (int i = at + 2; i < content(der, at); i++) {
      length = (length << 8) | (der[i] & 0xff);
    }
    // A length that no array has is the same fault as a place outside it.
    return length >= 0 && length <= der.length ? length : der.length;
  }

  private static byte[] element(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.write(tag);
    int size = content.size();
    if (size < 0x80) {
      whole.write(size);
    } else {
      whole.write(0x82);
      whole.write(size >> 8);
      whole.write(size);
    }
    whole.writeBytes(content.toByteArray());
    return whole.toByteArray();
  }
}
