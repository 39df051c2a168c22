using System.Text.Json;
using WebhookKit.Chaos.History;

namespace WebhookKit.Chaos.Publishing;

/// <summary>A node's own record of what it meant to publish and what it saw, one line each, handed to the system before going on.</summary>
/// <remarks>What a process has handed over outlives its kill.</remarks>
internal sealed class Ledger(string path) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly FileStream _file = new(path, FileMode.Append, FileAccess.Write, FileShare.Read);

    /// <summary>Writes that something is about to be published, or what came of it.</summary>
    public void Write(Publication publication)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(publication), (byte)'\n'];
        lock (_gate)
        {
            _file.Write(line);
            _file.Flush();
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Reads what ledgers say last about each message.</summary>
    public static IReadOnlyList<Publication> Read(IEnumerable<string> paths)
    {
        var publications = new Dictionary<Guid, Publication>();
        foreach (var line in paths.SelectMany(File.ReadLines).Where(line => line.EndsWith('}')))
        {
            var publication = JsonSerializer.Deserialize<Publication>(line)!;
            publications[publication.MessageId] = publication;
        }

        return [.. publications.Values];
    }
}
