namespace WebhookKit.LoadTest.Receivers;

/// <summary>Carries message ids and instants between processes; the monotonic clock is the machine's, not a process's.</summary>
internal static class ArrivalFile
{
    public static void Write(string path, IReadOnlyCollection<KeyValuePair<Guid, long>> instants)
    {
        using var writer = new BinaryWriter(File.Create(path));
        writer.Write(instants.Count);
        foreach (var (id, timestamp) in instants)
        {
            writer.Write(id.ToByteArray());
            writer.Write(timestamp);
        }
    }

    public static Dictionary<Guid, long> Read(string path)
    {
        using var reader = new BinaryReader(File.OpenRead(path));
        var count = reader.ReadInt32();
        var instants = new Dictionary<Guid, long>(count);
        for (var i = 0; i < count; i++)
        {
            instants.Add(new Guid(reader.ReadBytes(16)), reader.ReadInt64());
        }

        return instants;
    }
}
