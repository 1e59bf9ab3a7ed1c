package dev.matriarch.testbed;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The arrows between the rooms and the rules of the house, as the design states them. */
class HouseRulesTest {
  private static final String HOUSE = "dev.matriarch.";

  /** A room and the rooms it may use; the promises are for tests only. */
  record Room(String name, List<String> uses) {
    private static final List<Room> ALL =
        List.of(
            new Room("engine", List.of()),
            new Room("chronicle", List.of("engine")),
            new Room("inventory", List.of()),
            new Room("etcd", List.of("engine")),
            new Room("postgres", List.of()),
            new Room("render", List.of("inventory")),
            new Room(
                "agent", List.of("engine", "chronicle", "inventory", "etcd", "postgres", "render")),
            new Room(
                "fleet", List.of("engine", "chronicle", "inventory", "etcd", "postgres", "render")),
            new Room("console", List.of("fleet")));

    String inside() {
      return HOUSE + name + "..";
    }

    DescribedPredicate<JavaClass> forbidden() {
      String[] allowed =
          Stream.concat(Stream.of(name), uses.stream())
              .map(room -> HOUSE + room + "..")
              .toArray(String[]::new);
      return resideInAPackage("dev.matriarch..")
          .and(DescribedPredicate.not(resideInAnyPackage(allowed)))
          .as("rooms other than its own and %s", uses);
    }
  }

  /** Clocks, chance, threads and the outer world; also what merely reads the time. */
  private static final DescribedPredicate<JavaClass> OUTSIDE =
      resideInAnyPackage(
              "java.io..",
              "java.nio.file..",
              "java.nio.channels..",
              "java.net..",
              "java.util.concurrent..",
              "java.util.random..",
              "java.util.logging..",
              "java.security..")
          .or(
              named(
                  "java\\.lang\\.(Thread|ThreadLocal|InheritableThreadLocal|ScopedValue|Process"
                      + "|ProcessBuilder|ProcessHandle|Runtime)(\\$.*)?"))
          .or(named("java\\.time\\.(Clock|InstantSource)(\\$.*)?"))
          .or(named("java\\.util\\.(Random|SplittableRandom|Timer|TimerTask|Scanner)"))
          // An exception or an enum is Serializable; that reads and writes nothing.
          .and(DescribedPredicate.not(named("java\\.io\\.Serializable")))
          .as("I/O, clocks, threads, logs or chance");

  private static final DescribedPredicate<JavaClass> FILES_AND_NETWORK =
      named(
              "java\\.io\\.(File.*|RandomAccessFile|PrintStream|Console)"
                  + "|java\\.nio\\.file\\.(Files|FileSystem.*|WatchService)"
                  + "|java\\.nio\\.channels\\..*"
                  + "|java\\.net\\.(.*Socket.*|URLConnection|http\\..*|InetAddress\\$.*"
                  + "|NetworkInterface)"
                  + "|java\\.lang\\.(Process|ProcessBuilder|ProcessHandle|Thread)")
          .as("files, network, processes or threads");

  private static final Set<String> PURE_OF_SYSTEM =
      Set.of("arraycopy", "lineSeparator", "identityHashCode");

  private static JavaClasses house;

  @BeforeAll
  static void read() {
    house =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.matriarch");
  }

  private static DescribedPredicate<JavaClass> named(String regex) {
    return DescribedPredicate.describe(regex, type -> type.getName().matches(regex));
  }

  static List<Room> rooms() {
    return Room.ALL;
  }

  @ParameterizedTest
  @MethodSource("rooms")
  void arrowsPointDownTheList(Room room) {
    noClasses()
        .that()
        .resideInAPackage(room.inside())
        .should()
        .dependOnClassesThat(room.forbidden())
        .allowEmptyShould(true)
        .check(house);
  }

  @Test
  void nobodyUsesTheCommandOrTheTestbed() {
    noClasses()
        .that()
        .resideOutsideOfPackages(HOUSE + "cli..", HOUSE + "testbed..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(HOUSE + "cli..", HOUSE + "testbed..")
        .check(house);
  }

  @Test
  void theEngineUsesNothingButItselfAndTheLanguage() {
    engineUsesOnlyTheLanguage().check(house);
    engineTouchesNothingOutside().check(house);
    simulatorTouchesNothingButItsSeed().check(house);
    readsNoTimeAndPrintsNothing(HOUSE + "engine..").check(house);
  }

  @Test
  void theRulesForTheEngineCatchWhatTheyAreFor() {
    JavaClasses culprits = new ClassFileImporter().importClasses(Culprit.class);
    String here = HouseRulesTest.class.getPackageName() + "..";
    assertThatThrownBy(
            () ->
                noClasses()
                    .that()
                    .resideInAPackage(here)
                    .should()
                    .dependOnClassesThat(OUTSIDE)
                    .check(culprits))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("java.util.Random");
    assertThatThrownBy(() -> readsNoTimeAndPrintsNothing(here).check(culprits))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Instant.now()")
        .hasMessageContaining("System.nanoTime()");
  }

  @Test
  void declarationsAndRenderingDoNoInputOrOutput() {
    noClasses()
        .that()
        .resideInAnyPackage(HOUSE + "inventory..", HOUSE + "render..")
        .should()
        .dependOnClassesThat(FILES_AND_NETWORK)
        .allowEmptyShould(true)
        .check(house);
    readsNoTimeAndPrintsNothing(HOUSE + "inventory..", HOUSE + "render..").check(house);
  }

  @Test
  void noClassIsCalledManagerUtilOrHelper() {
    noClasses().should().haveNameMatching(".*(Manager|Utils?|Helpers?)(\\$.*)?").check(house);
  }

  @Test
  void noStateIsStatic() {
    fields()
        .that()
        .areStatic()
        // The compiler's own, such as the table of a switch over an enum.
        .and()
        .doNotHaveModifier(JavaModifier.SYNTHETIC)
        .should()
        .beFinal()
        .check(house);
  }

  private static ArchRule engineUsesOnlyTheLanguage() {
    return classes()
        .that()
        .resideInAPackage(HOUSE + "engine..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            HOUSE + "engine..",
            "java.lang..",
            "java.io",
            "java.math..",
            "java.nio..",
            "java.text..",
            "java.time..",
            "java.util..");
  }

  private static ArchRule engineTouchesNothingOutside() {
    return noClasses()
        .that()
        .resideInAPackage(HOUSE + "engine")
        .should()
        .dependOnClassesThat(OUTSIDE)
        .allowEmptyShould(true);
  }

  /** The simulator draws its faults from a seed, which is handed in; otherwise it is as pure. */
  private static ArchRule simulatorTouchesNothingButItsSeed() {
    DescribedPredicate<JavaClass> seeded =
        named("java\\.util\\.random\\.RandomGenerator(\\$.*)?|java\\.util\\.SplittableRandom");
    return noClasses()
        .that()
        .resideInAPackage(HOUSE + "engine.*..")
        .should()
        .dependOnClassesThat(OUTSIDE.and(DescribedPredicate.not(seeded)))
        .allowEmptyShould(true);
  }

  private static ArchRule readsNoTimeAndPrintsNothing(String... rooms) {
    DescribedPredicate<JavaAccess<?>> forbidden =
        DescribedPredicate.describe(
            "reads the time or chance of the machine, or prints",
            access -> {
              String owner = access.getTargetOwner().getName();
              String name = access.getName();
              return switch (owner) {
                case "java.lang.System" -> !PURE_OF_SYSTEM.contains(name);
                case "java.lang.Math" -> name.equals("random");
                case "java.util.UUID" -> name.equals("randomUUID");
                case "java.util.Collections" -> name.equals("shuffle");
                default -> owner.startsWith("java.time.") && name.equals("now");
              };
            });
    return noClasses()
        .that()
        .resideInAnyPackage(rooms)
        .should()
        .accessTargetWhere(forbidden)
        .allowEmptyShould(true);
  }

  /** Does all that the engine must not. */
  record Culprit(Random chance) {
    Instant guess() {
      return Instant.now().plusNanos(chance.nextLong() + System.nanoTime());
    }
  }
}
