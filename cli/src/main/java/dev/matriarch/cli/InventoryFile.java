package dev.matriarch.cli;

import dev.matriarch.inventory.Inventory;
import dev.matriarch.inventory.InventoryReader;
import dev.matriarch.inventory.InventoryResult;
import dev.matriarch.inventory.Problem;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads the inventory file that an operator named. */
public final class InventoryFile {
  private InventoryFile() {}

  /**
   * The inventory of a file.
   *
   * @throws Refused when it cannot be read or breaks a rule; with every problem of it
   */
  public static Inventory load(Path file) {
    return orRefuse(read(file));
  }

  private static Inventory orRefuse(InventoryResult result) {
    return switch (result) {
      case InventoryResult.Valid(Inventory inventory) -> inventory;
      case InventoryResult.Invalid invalid ->
          throw new Refused(invalid.problems().stream().map(Problem::toString).toList());
    };
  }

  /**
   * The inventory of a text.
   *
   * @param name to use in messages
   * @throws Refused when it breaks a rule
   */
  static Inventory parse(String name, String text) {
    return orRefuse(InventoryReader.read(name, text));
  }

  /** What came of reading the file; a file that cannot be read at all is refused. */
  public static InventoryResult read(Path file) {
    return InventoryReader.read(shown(file), text(file));
  }

  /** As the operator would type it where the command runs. */
  private static String shown(Path file) {
    Path here = Path.of("").toAbsolutePath();
    return (file.startsWith(here) ? here.relativize(file) : file).toString();
  }

  private static String text(Path file) {
    try {
      if (Files.isDirectory(file)) {
        throw new Refused(shown(file) + ": is a folder; name the inventory file in it");
      }
      return Files.readString(file);
    } catch (NoSuchFileException _) {
      throw new Refused(shown(file) + ": does not exist; name an inventory with --inventory FILE");
    } catch (AccessDeniedException _) {
      throw new Refused(shown(file) + ": may not be read by this user; check its permissions");
    } catch (CharacterCodingException _) {
      throw new Refused(shown(file) + ": is not UTF-8 text; an inventory is YAML in UTF-8");
    } catch (IOException e) {
      throw new Refused("%s: cannot be read: %s".formatted(shown(file), e.getMessage()));
    }
  }
}
