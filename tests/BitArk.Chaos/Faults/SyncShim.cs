namespace BitArk.Chaos.Faults;

/// <summary>
/// A preloaded library (<c>shim.c</c>) that takes the place of some of libc's calls in a child process. The product asks
/// the process's own symbols for these calls, so it gets the library's.
/// </summary>
internal static class SyncShim
{
    /// <summary>Compiles it; null when there is no C compiler here.</summary>
    public static async Task<string?> BuildAsync(string directory)
    {
        if (Tool.Missing("gcc") is not null)
            return null;
        string source = Path.Combine(AppContext.BaseDirectory, "shim.c");
        string library = Path.Combine(directory, "shim.so");
        await Tool.MustRunAsync("gcc", "-D_GNU_SOURCE", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl");
        return library;
    }

    /// <summary>The environment of a child whose fdatasync does nothing; each skipped one adds a line to <paramref name="proof"/>.</summary>
    public static Dictionary<string, string> WithoutDataSync(string library, string proof) =>
        new() { ["LD_PRELOAD"] = library, ["BITARK_SHIM_NO_FDATASYNC"] = "1", ["BITARK_SHIM_PROOF"] = proof };

    /// <summary>The environment of a child whose N-th positioned write really writes ten bytes only.</summary>
    public static Dictionary<string, string> ShortWrite(string library, string proof, int at) =>
        new() { ["LD_PRELOAD"] = library, ["BITARK_SHIM_SHORT_AT"] = $"{at}", ["BITARK_SHIM_PROOF"] = proof };
}
