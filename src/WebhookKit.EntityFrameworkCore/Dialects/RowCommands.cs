using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace WebhookKit.EntityFrameworkCore.Dialects;

/// <summary>Statements prepared once and run for row after row, where the database is inside the process.</summary>
/// <remarks>Not asynchronous: nothing is waited for, and SQLite's provider only pretends to be.</remarks>
internal sealed class RowCommands(DbContext context) : IDisposable
{
    private readonly Dictionary<SqlTemplate, DbCommand> _prepared = [];

    public DbContext Context => context;

    /// <summary>Runs a statement with the values, which come in the same order each time, and counts the rows it changed.</summary>
    public int Run(SqlTemplate sql, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        Prepare(sql, parameters).ExecuteNonQuery();

    /// <summary>Runs a statement that answers with rows.</summary>
    public List<T> Read<T>(
        SqlTemplate sql, Func<DbDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var reader = Prepare(sql, parameters).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    public void Dispose()
    {
        foreach (var command in _prepared.Values)
        {
            command.Dispose();
        }
    }

    private DbCommand Prepare(SqlTemplate sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            command = _prepared[sql] = context.CreateCommand(sql.For(context), parameters);
            return command;
        }

        command.Transaction = context.Database.CurrentTransaction?.GetDbTransaction();
        for (var i = 0; i < parameters.Length; i++)
        {
            command.Parameters[i].Value = parameters[i].Value ?? DBNull.Value;
        }

        return command;
    }
}
