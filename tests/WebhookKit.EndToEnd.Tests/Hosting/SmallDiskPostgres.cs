namespace WebhookKit.EndToEnd.Tests.Hosting;

/// <summary>A PostgreSQL server whose databases lie on a small file system of their own, which a test fills up.</summary>
/// <remarks>
/// The file system is in memory and seen by the server's processes alone: it goes with them, however the test ends.
/// The write-ahead log lies elsewhere: without room for that the server ends, as in a crash, and does not answer at all.
/// </remarks>
public sealed class SmallDiskPostgres : OwnPostgres
{
    // Mounting takes root, or a user namespace in which one is; PostgreSQL itself runs as somebody else.
    internal const string Mount = """
        set -euo pipefail
        user="$(id -u)"
        privileges=()
        ((user == 0)) || privileges=(--user --map-root-user)
        exec unshare "${privileges[@]}" --mount --propagation private bash -euo pipefail -c '
          mount -t tmpfs -o size=64m,mode=700 tmpfs "$1"
          if (($2 == 0)); then chown postgres "$1"; exec bash "$3"; fi
          exec unshare --user --map-user="$2" bash "$3"' bash "$1" "$user" "$2"
        """;

    // Where the server's user, who is not ours, gets to: a temporary folder of our own may be closed to others.
    private readonly DirectoryInfo _place = Directory.CreateDirectory($"/tmp/webhookkit-small-disk-{Guid.NewGuid():N}");

    protected override string DatabaseOptions => "TABLESPACE small";

    // Seen through a process that is within.
    private string Filler => $"/proc/{ScriptId}/root{_place.FullName}/filler";

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await ExecuteAsync($"CREATE TABLESPACE small LOCATION '{_place.FullName}'");
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _place.Delete();
    }

    /// <summary>Leaves no room at all.</summary>
    public async Task FillAsync()
    {
        await using var filler = new FileStream(Filler, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        foreach (var size in new[] { 1 << 20, 4096, 1 })
        {
            try
            {
                while (true)
                {
                    await filler.WriteAsync(new byte[size]);
                }
            }
            catch (IOException)
            {
                // No more fits of this size.
            }
        }
    }

    /// <summary>Gives back what <see cref="FillAsync"/> took.</summary>
    public void Free() => File.Delete(Filler);

    protected override (string Program, string[] Arguments) GetCommand(string script) =>
        ("bash", ["-c", Mount, "bash", _place.FullName, script]);
}
