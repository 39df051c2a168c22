namespace WebhookKit.Endpoints.Registry;

/// <summary>The answers of the registry.</summary>
internal static class Results
{
    public static EndpointResult NotFound { get; } =
        Error(EndpointResultStatus.NotFound, "There is no such endpoint, or it was deleted: look for it by ListAsync.");

    public static EndpointResult Erased { get; } =
        Error(EndpointResultStatus.Invalid, "The endpoint's tenant was erased: create a new endpoint, or delete this one.");

    public static EndpointResult Changed { get; } =
        Error(EndpointResultStatus.Changed, "Somebody else has changed the endpoint since it was read: read it again and repeat the edit.");

    public static EndpointResult HostChanged { get; } = Error(
        EndpointResultStatus.HostChanged,
        "The URL leads to another host, port or scheme: pass HostChange.NewSecret to begin there with a new secret and without custom "
        + "headers and authorization, or HostChange.KeepSecrets when it belongs to the same receiver.");

    public static EndpointResult Done(RegisteredEndpoint? endpoint, string? receiverSecret = null) =>
        new() { Status = EndpointResultStatus.Done, Endpoint = endpoint, ReceiverSecret = receiverSecret };

    public static EndpointResult Invalid(IReadOnlyList<string> errors) => new() { Status = EndpointResultStatus.Invalid, Errors = errors };

    public static EndpointResult LimitReached(string error) => Error(EndpointResultStatus.LimitReached, error);

    public static EndpointResult Unreadable(string error) => Error(
        EndpointResultStatus.SecretsUnreadable, $"The secrets that are stored already cannot be read, so none is added. {error}");

    public static EndpointResult Declared(string? name) => Error(
        EndpointResultStatus.Declared, $"The endpoint '{name}' is declared: change it in the code or the configuration that declares it.");

    public static EndpointResult NoLongerDeclared(string? name) => Error(
        EndpointResultStatus.Declared, $"The endpoint '{name}' is no longer declared: declare it again in code or configuration.");

    private static EndpointResult Error(EndpointResultStatus status, string error) => new() { Status = status, Errors = [error] };
}
