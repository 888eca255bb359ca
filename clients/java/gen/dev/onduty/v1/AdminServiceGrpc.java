package dev.onduty.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * Directory, catalogue and policy of a tenant.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class AdminServiceGrpc {

  private AdminServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "onduty.v1.AdminService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<dev.onduty.v1.CreateStaffRequest,
      dev.onduty.v1.CreateStaffResponse> getCreateStaffMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "CreateStaff",
      requestType = dev.onduty.v1.CreateStaffRequest.class,
      responseType = dev.onduty.v1.CreateStaffResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.onduty.v1.CreateStaffRequest,
      dev.onduty.v1.CreateStaffResponse> getCreateStaffMethod() {
    io.grpc.MethodDescriptor<dev.onduty.v1.CreateStaffRequest, dev.onduty.v1.CreateStaffResponse> getCreateStaffMethod;
    if ((getCreateStaffMethod = AdminServiceGrpc.getCreateStaffMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getCreateStaffMethod = AdminServiceGrpc.getCreateStaffMethod) == null) {
          AdminServiceGrpc.getCreateStaffMethod = getCreateStaffMethod =
              io.grpc.MethodDescriptor.<dev.onduty.v1.CreateStaffRequest, dev.onduty.v1.CreateStaffResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "CreateStaff"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.CreateStaffRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.CreateStaffResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("CreateStaff"))
              .build();
        }
      }
    }
    return getCreateStaffMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.onduty.v1.UpdateStaffRequest,
      dev.onduty.v1.UpdateStaffResponse> getUpdateStaffMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "UpdateStaff",
      requestType = dev.onduty.v1.UpdateStaffRequest.class,
      responseType = dev.onduty.v1.UpdateStaffResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.onduty.v1.UpdateStaffRequest,
      dev.onduty.v1.UpdateStaffResponse> getUpdateStaffMethod() {
    io.grpc.MethodDescriptor<dev.onduty.v1.UpdateStaffRequest, dev.onduty.v1.UpdateStaffResponse> getUpdateStaffMethod;
    if ((getUpdateStaffMethod = AdminServiceGrpc.getUpdateStaffMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getUpdateStaffMethod = AdminServiceGrpc.getUpdateStaffMethod) == null) {
          AdminServiceGrpc.getUpdateStaffMethod = getUpdateStaffMethod =
              io.grpc.MethodDescriptor.<dev.onduty.v1.UpdateStaffRequest, dev.onduty.v1.UpdateStaffResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "UpdateStaff"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.UpdateStaffRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.UpdateStaffResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("UpdateStaff"))
              .build();
        }
      }
    }
    return getUpdateStaffMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.onduty.v1.DeleteStaffRequest,
      dev.onduty.v1.DeleteStaffResponse> getDeleteStaffMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DeleteStaff",
      requestType = dev.onduty.v1.DeleteStaffRequest.class,
      responseType = dev.onduty.v1.DeleteStaffResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.onduty.v1.DeleteStaffRequest,
      dev.onduty.v1.DeleteStaffResponse> getDeleteStaffMethod() {
    io.grpc.MethodDescriptor<dev.onduty.v1.DeleteStaffRequest, dev.onduty.v1.DeleteStaffResponse> getDeleteStaffMethod;
    if ((getDeleteStaffMethod = AdminServiceGrpc.getDeleteStaffMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getDeleteStaffMethod = AdminServiceGrpc.getDeleteStaffMethod) == null) {
          AdminServiceGrpc.getDeleteStaffMethod = getDeleteStaffMethod =
              io.grpc.MethodDescriptor.<dev.onduty.v1.DeleteStaffRequest, dev.onduty.v1.DeleteStaffResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DeleteStaff"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.DeleteStaffRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.DeleteStaffResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("DeleteStaff"))
              .build();
        }
      }
    }
    return getDeleteStaffMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.onduty.v1.EraseStaffRequest,
      dev.onduty.v1.EraseStaffResponse> getEraseStaffMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "EraseStaff",
      requestType = dev.onduty.v1.EraseStaffRequest.class,
      responseType = dev.onduty.v1.EraseStaffResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.onduty.v1.EraseStaffRequest,
      dev.onduty.v1.EraseStaffResponse> getEraseStaffMethod() {
    io.grpc.MethodDescriptor<dev.onduty.v1.EraseStaffRequest, dev.onduty.v1.EraseStaffResponse> getEraseStaffMethod;
    if ((getEraseStaffMethod = AdminServiceGrpc.getEraseStaffMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getEraseStaffMethod = AdminServiceGrpc.getEraseStaffMethod) == null) {
          AdminServiceGrpc.getEraseStaffMethod = getEraseStaffMethod =
              io.grpc.MethodDescriptor.<dev.onduty.v1.EraseStaffRequest, dev.onduty.v1.EraseStaffResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "EraseStaff"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.EraseStaffRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.EraseStaffResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("EraseStaff"))
              .build();
        }
      }
    }
    return getEraseStaffMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.onduty.v1.BatchCreateStaffRequest,
      dev.onduty.v1.BatchCreateStaffResponse> getBatchCreateStaffMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "BatchCreateStaff",
      requestType = dev.onduty.v1.BatchCreateStaffRequest.class,
      responseType = dev.onduty.v1.BatchCreateStaffResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.onduty.v1.BatchCreateStaffRequest,
      dev.onduty.v1.BatchCreateStaffResponse> getBatchCreateStaffMethod() {
    io.grpc.MethodDescriptor<dev.onduty.v1.BatchCreateStaffRequest, dev.onduty.v1.BatchCreateStaffResponse> getBatchCreateStaffMethod;
    if ((getBatchCreateStaffMethod = AdminServiceGrpc.getBatchCreateStaffMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getBatchCreateStaffMethod = AdminServiceGrpc.getBatchCreateStaffMethod) == null) {
          AdminServiceGrpc.getBatchCreateStaffMethod = getBatchCreateStaffMethod =
              io.grpc.MethodDescriptor.<dev.onduty.v1.BatchCreateStaffRequest, dev.onduty.v1.BatchCreateStaffResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "BatchCreateStaff"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.BatchCreateStaffRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.BatchCreateStaffResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("BatchCreateStaff"))
              .build();
        }
      }
    }
    return getBatchCreateStaffMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.onduty.v1.CreateBreakReasonRequest,
      dev.onduty.v1.CreateBreakReasonResponse> getCreateBreakReasonMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "CreateBreakReason",
      requestType = dev.onduty.v1.CreateBreakReasonRequest.class,
      responseType = dev.onduty.v1.CreateBreakReasonResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.onduty.v1.CreateBreakReasonRequest,
      dev.onduty.v1.CreateBreakReasonResponse> getCreateBreakReasonMethod() {
    io.grpc.MethodDescriptor<dev.onduty.v1.CreateBreakReasonRequest, dev.onduty.v1.CreateBreakReasonResponse> getCreateBreakReasonMethod;
    if ((getCreateBreakReasonMethod = AdminServiceGrpc.getCreateBreakReasonMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getCreateBreakReasonMethod = AdminServiceGrpc.getCreateBreakReasonMethod) == null) {
          AdminServiceGrpc.getCreateBreakReasonMethod = getCreateBreakReasonMethod =
              io.grpc.MethodDescriptor.<dev.onduty.v1.CreateBreakReasonRequest, dev.onduty.v1.CreateBreakReasonResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "CreateBreakReason"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.CreateBreakReasonRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.CreateBreakReasonResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("CreateBreakReason"))
              .build();
        }
      }
    }
    return getCreateBreakReasonMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.onduty.v1.UpdateBreakReasonRequest,
      dev.onduty.v1.UpdateBreakReasonResponse> getUpdateBreakReasonMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "UpdateBreakReason",
      requestType = dev.onduty.v1.UpdateBreakReasonRequest.class,
      responseType = dev.onduty.v1.UpdateBreakReasonResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.onduty.v1.UpdateBreakReasonRequest,
      dev.onduty.v1.UpdateBreakReasonResponse> getUpdateBreakReasonMethod() {
    io.grpc.MethodDescriptor<dev.onduty.v1.UpdateBreakReasonRequest, dev.onduty.v1.UpdateBreakReasonResponse> getUpdateBreakReasonMethod;
    if ((getUpdateBreakReasonMethod = AdminServiceGrpc.getUpdateBreakReasonMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getUpdateBreakReasonMethod = AdminServiceGrpc.getUpdateBreakReasonMethod) == null) {
          AdminServiceGrpc.getUpdateBreakReasonMethod = getUpdateBreakReasonMethod =
              io.grpc.MethodDescriptor.<dev.onduty.v1.UpdateBreakReasonRequest, dev.onduty.v1.UpdateBreakReasonResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "UpdateBreakReason"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.UpdateBreakReasonRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.UpdateBreakReasonResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("UpdateBreakReason"))
              .build();
        }
      }
    }
    return getUpdateBreakReasonMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.onduty.v1.DeleteBreakReasonRequest,
      dev.onduty.v1.DeleteBreakReasonResponse> getDeleteBreakReasonMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DeleteBreakReason",
      requestType = dev.onduty.v1.DeleteBreakReasonRequest.class,
      responseType = dev.onduty.v1.DeleteBreakReasonResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.onduty.v1.DeleteBreakReasonRequest,
      dev.onduty.v1.DeleteBreakReasonResponse> getDeleteBreakReasonMethod() {
    io.grpc.MethodDescriptor<dev.onduty.v1.DeleteBreakReasonRequest, dev.onduty.v1.DeleteBreakReasonResponse> getDeleteBreakReasonMethod;
    if ((getDeleteBreakReasonMethod = AdminServiceGrpc.getDeleteBreakReasonMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getDeleteBreakReasonMethod = AdminServiceGrpc.getDeleteBreakReasonMethod) == null) {
          AdminServiceGrpc.getDeleteBreakReasonMethod = getDeleteBreakReasonMethod =
              io.grpc.MethodDescriptor.<dev.onduty.v1.DeleteBreakReasonRequest, dev.onduty.v1.DeleteBreakReasonResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DeleteBreakReason"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.DeleteBreakReasonRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.DeleteBreakReasonResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("DeleteBreakReason"))
              .build();
        }
      }
    }
    return getDeleteBreakReasonMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.onduty.v1.GetPolicyRequest,
      dev.onduty.v1.GetPolicyResponse> getGetPolicyMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetPolicy",
      requestType = dev.onduty.v1.GetPolicyRequest.class,
      responseType = dev.onduty.v1.GetPolicyResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.onduty.v1.GetPolicyRequest,
      dev.onduty.v1.GetPolicyResponse> getGetPolicyMethod() {
    io.grpc.MethodDescriptor<dev.onduty.v1.GetPolicyRequest, dev.onduty.v1.GetPolicyResponse> getGetPolicyMethod;
    if ((getGetPolicyMethod = AdminServiceGrpc.getGetPolicyMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getGetPolicyMethod = AdminServiceGrpc.getGetPolicyMethod) == null) {
          AdminServiceGrpc.getGetPolicyMethod = getGetPolicyMethod =
              io.grpc.MethodDescriptor.<dev.onduty.v1.GetPolicyRequest, dev.onduty.v1.GetPolicyResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetPolicy"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.GetPolicyRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.GetPolicyResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("GetPolicy"))
              .build();
        }
      }
    }
    return getGetPolicyMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.onduty.v1.UpdatePolicyRequest,
      dev.onduty.v1.UpdatePolicyResponse> getUpdatePolicyMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "UpdatePolicy",
      requestType = dev.onduty.v1.UpdatePolicyRequest.class,
      responseType = dev.onduty.v1.UpdatePolicyResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.onduty.v1.UpdatePolicyRequest,
      dev.onduty.v1.UpdatePolicyResponse> getUpdatePolicyMethod() {
    io.grpc.MethodDescriptor<dev.onduty.v1.UpdatePolicyRequest, dev.onduty.v1.UpdatePolicyResponse> getUpdatePolicyMethod;
    if ((getUpdatePolicyMethod = AdminServiceGrpc.getUpdatePolicyMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getUpdatePolicyMethod = AdminServiceGrpc.getUpdatePolicyMethod) == null) {
          AdminServiceGrpc.getUpdatePolicyMethod = getUpdatePolicyMethod =
              io.grpc.MethodDescriptor.<dev.onduty.v1.UpdatePolicyRequest, dev.onduty.v1.UpdatePolicyResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "UpdatePolicy"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.UpdatePolicyRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.UpdatePolicyResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("UpdatePolicy"))
              .build();
        }
      }
    }
    return getUpdatePolicyMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.onduty.v1.ListAuditEntriesRequest,
      dev.onduty.v1.ListAuditEntriesResponse> getListAuditEntriesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListAuditEntries",
      requestType = dev.onduty.v1.ListAuditEntriesRequest.class,
      responseType = dev.onduty.v1.ListAuditEntriesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.onduty.v1.ListAuditEntriesRequest,
      dev.onduty.v1.ListAuditEntriesResponse> getListAuditEntriesMethod() {
    io.grpc.MethodDescriptor<dev.onduty.v1.ListAuditEntriesRequest, dev.onduty.v1.ListAuditEntriesResponse> getListAuditEntriesMethod;
    if ((getListAuditEntriesMethod = AdminServiceGrpc.getListAuditEntriesMethod) == null) {
      synchronized (AdminServiceGrpc.class) {
        if ((getListAuditEntriesMethod = AdminServiceGrpc.getListAuditEntriesMethod) == null) {
          AdminServiceGrpc.getListAuditEntriesMethod = getListAuditEntriesMethod =
              io.grpc.MethodDescriptor.<dev.onduty.v1.ListAuditEntriesRequest, dev.onduty.v1.ListAuditEntriesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListAuditEntries"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.ListAuditEntriesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.ListAuditEntriesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AdminServiceMethodDescriptorSupplier("ListAuditEntries"))
              .build();
        }
      }
    }
    return getListAuditEntriesMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static AdminServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<AdminServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<AdminServiceStub>() {
        @java.lang.Override
        public AdminServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new AdminServiceStub(channel, callOptions);
        }
      };
    return AdminServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static AdminServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<AdminServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<AdminServiceBlockingV2Stub>() {
        @java.lang.Override
        public AdminServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new AdminServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return AdminServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static AdminServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<AdminServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<AdminServiceBlockingStub>() {
        @java.lang.Override
        public AdminServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new AdminServiceBlockingStub(channel, callOptions);
        }
      };
    return AdminServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static AdminServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<AdminServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<AdminServiceFutureStub>() {
        @java.lang.Override
        public AdminServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new AdminServiceFutureStub(channel, callOptions);
        }
      };
    return AdminServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * Directory, catalogue and policy of a tenant.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * Creates a staff member, OFFLINE. Errors: STAFF_EXISTS.
     * </pre>
     */
    default void createStaff(dev.onduty.v1.CreateStaffRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.CreateStaffResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getCreateStaffMethod(), responseObserver);
    }

    /**
     * <pre>
     * Updates name and skill groups. Errors: STAFF_UNKNOWN, REVISION_MISMATCH.
     * </pre>
     */
    default void updateStaff(dev.onduty.v1.UpdateStaffRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.UpdateStaffResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getUpdateStaffMethod(), responseObserver);
    }

    /**
     * <pre>
     * Deletes an OFFLINE staff member. The history stays. Errors: STAFF_UNKNOWN, STAFF_SIGNED_IN.
     * </pre>
     */
    default void deleteStaff(dev.onduty.v1.DeleteStaffRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.DeleteStaffResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDeleteStaffMethod(), responseObserver);
    }

    /**
     * <pre>
     * Erases a deleted person from the history for good: id, name, notes, calls and requests. What is left adds up under a pseudonym.
     * Backups keep what they have. Errors: STAFF_UNKNOWN, STAFF_NOT_DELETED.
     * </pre>
     */
    default void eraseStaff(dev.onduty.v1.EraseStaffRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.EraseStaffResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getEraseStaffMethod(), responseObserver);
    }

    /**
     * <pre>
     * Creates up to 1,000 staff members, each on its own: a bad item does not hold up the others.
     * </pre>
     */
    default void batchCreateStaff(dev.onduty.v1.BatchCreateStaffRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.BatchCreateStaffResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getBatchCreateStaffMethod(), responseObserver);
    }

    /**
     * <pre>
     * Creates a break reason. Errors: BREAK_REASON_EXISTS.
     * </pre>
     */
    default void createBreakReason(dev.onduty.v1.CreateBreakReasonRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.CreateBreakReasonResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getCreateBreakReasonMethod(), responseObserver);
    }

    /**
     * <pre>
     * Updates a break reason. Breaks that run keep the limit they began with. Errors: BREAK_REASON_UNKNOWN, BREAK_REASON_BUILT_IN.
     * </pre>
     */
    default void updateBreakReason(dev.onduty.v1.UpdateBreakReasonRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.UpdateBreakReasonResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getUpdateBreakReasonMethod(), responseObserver);
    }

    /**
     * <pre>
     * Deletes a break reason. Breaks that run keep it. Errors: BREAK_REASON_UNKNOWN, BREAK_REASON_BUILT_IN.
     * </pre>
     */
    default void deleteBreakReason(dev.onduty.v1.DeleteBreakReasonRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.DeleteBreakReasonResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDeleteBreakReasonMethod(), responseObserver);
    }

    /**
     * <pre>
     * Reads the policy, complete with defaults.
     * </pre>
     */
    default void getPolicy(dev.onduty.v1.GetPolicyRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.GetPolicyResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetPolicyMethod(), responseObserver);
    }

    /**
     * <pre>
     * Changes the policy's fields that the mask names. Deadlines that run keep the length they began with.
     * </pre>
     */
    default void updatePolicy(dev.onduty.v1.UpdatePolicyRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.UpdatePolicyResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getUpdatePolicyMethod(), responseObserver);
    }

    /**
     * <pre>
     * Lists the audit log of the server that is asked, in pages: refusals of access, credentials and certificates in force, changes of
     * configuration. Entries of the caller's tenant; with a server of one tenant, those about the server too. The latest 10,000 of the
     * server can be listed; its file has more. Errors: PAGE_TOKEN_INVALID.
     * </pre>
     */
    default void listAuditEntries(dev.onduty.v1.ListAuditEntriesRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.ListAuditEntriesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListAuditEntriesMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service AdminService.
   * <pre>
   * Directory, catalogue and policy of a tenant.
   * </pre>
   */
  public static abstract class AdminServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return AdminServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service AdminService.
   * <pre>
   * Directory, catalogue and policy of a tenant.
   * </pre>
   */
  public static final class AdminServiceStub
      extends io.grpc.stub.AbstractAsyncStub<AdminServiceStub> {
    private AdminServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected AdminServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new AdminServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * Creates a staff member, OFFLINE. Errors: STAFF_EXISTS.
     * </pre>
     */
    public void createStaff(dev.onduty.v1.CreateStaffRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.CreateStaffResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getCreateStaffMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Updates name and skill groups. Errors: STAFF_UNKNOWN, REVISION_MISMATCH.
     * </pre>
     */
    public void updateStaff(dev.onduty.v1.UpdateStaffRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.UpdateStaffResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getUpdateStaffMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Deletes an OFFLINE staff member. The history stays. Errors: STAFF_UNKNOWN, STAFF_SIGNED_IN.
     * </pre>
     */
    public void deleteStaff(dev.onduty.v1.DeleteStaffRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.DeleteStaffResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDeleteStaffMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Erases a deleted person from the history for good: id, name, notes, calls and requests. What is left adds up under a pseudonym.
     * Backups keep what they have. Errors: STAFF_UNKNOWN, STAFF_NOT_DELETED.
     * </pre>
     */
    public void eraseStaff(dev.onduty.v1.EraseStaffRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.EraseStaffResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getEraseStaffMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Creates up to 1,000 staff members, each on its own: a bad item does not hold up the others.
     * </pre>
     */
    public void batchCreateStaff(dev.onduty.v1.BatchCreateStaffRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.BatchCreateStaffResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getBatchCreateStaffMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Creates a break reason. Errors: BREAK_REASON_EXISTS.
     * </pre>
     */
    public void createBreakReason(dev.onduty.v1.CreateBreakReasonRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.CreateBreakReasonResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getCreateBreakReasonMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Updates a break reason. Breaks that run keep the limit they began with. Errors: BREAK_REASON_UNKNOWN, BREAK_REASON_BUILT_IN.
     * </pre>
     */
    public void updateBreakReason(dev.onduty.v1.UpdateBreakReasonRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.UpdateBreakReasonResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getUpdateBreakReasonMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Deletes a break reason. Breaks that run keep it. Errors: BREAK_REASON_UNKNOWN, BREAK_REASON_BUILT_IN.
     * </pre>
     */
    public void deleteBreakReason(dev.onduty.v1.DeleteBreakReasonRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.DeleteBreakReasonResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDeleteBreakReasonMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Reads the policy, complete with defaults.
     * </pre>
     */
    public void getPolicy(dev.onduty.v1.GetPolicyRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.GetPolicyResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetPolicyMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Changes the policy's fields that the mask names. Deadlines that run keep the length they began with.
     * </pre>
     */
    public void updatePolicy(dev.onduty.v1.UpdatePolicyRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.UpdatePolicyResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getUpdatePolicyMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Lists the audit log of the server that is asked, in pages: refusals of access, credentials and certificates in force, changes of
     * configuration. Entries of the caller's tenant; with a server of one tenant, those about the server too. The latest 10,000 of the
     * server can be listed; its file has more. Errors: PAGE_TOKEN_INVALID.
     * </pre>
     */
    public void listAuditEntries(dev.onduty.v1.ListAuditEntriesRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.ListAuditEntriesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListAuditEntriesMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service AdminService.
   * <pre>
   * Directory, catalogue and policy of a tenant.
   * </pre>
   */
  public static final class AdminServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<AdminServiceBlockingV2Stub> {
    private AdminServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected AdminServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new AdminServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * Creates a staff member, OFFLINE. Errors: STAFF_EXISTS.
     * </pre>
     */
    public dev.onduty.v1.CreateStaffResponse createStaff(dev.onduty.v1.CreateStaffRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getCreateStaffMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Updates name and skill groups. Errors: STAFF_UNKNOWN, REVISION_MISMATCH.
     * </pre>
     */
    public dev.onduty.v1.UpdateStaffResponse updateStaff(dev.onduty.v1.UpdateStaffRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getUpdateStaffMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Deletes an OFFLINE staff member. The history stays. Errors: STAFF_UNKNOWN, STAFF_SIGNED_IN.
     * </pre>
     */
    public dev.onduty.v1.DeleteStaffResponse deleteStaff(dev.onduty.v1.DeleteStaffRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getDeleteStaffMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Erases a deleted person from the history for good: id, name, notes, calls and requests. What is left adds up under a pseudonym.
     * Backups keep what they have. Errors: STAFF_UNKNOWN, STAFF_NOT_DELETED.
     * </pre>
     */
    public dev.onduty.v1.EraseStaffResponse eraseStaff(dev.onduty.v1.EraseStaffRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getEraseStaffMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Creates up to 1,000 staff members, each on its own: a bad item does not hold up the others.
     * </pre>
     */
    public dev.onduty.v1.BatchCreateStaffResponse batchCreateStaff(dev.onduty.v1.BatchCreateStaffRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getBatchCreateStaffMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Creates a break reason. Errors: BREAK_REASON_EXISTS.
     * </pre>
     */
    public dev.onduty.v1.CreateBreakReasonResponse createBreakReason(dev.onduty.v1.CreateBreakReasonRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getCreateBreakReasonMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Updates a break reason. Breaks that run keep the limit they began with. Errors: BREAK_REASON_UNKNOWN, BREAK_REASON_BUILT_IN.
     * </pre>
     */
    public dev.onduty.v1.UpdateBreakReasonResponse updateBreakReason(dev.onduty.v1.UpdateBreakReasonRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getUpdateBreakReasonMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Deletes a break reason. Breaks that run keep it. Errors: BREAK_REASON_UNKNOWN, BREAK_REASON_BUILT_IN.
     * </pre>
     */
    public dev.onduty.v1.DeleteBreakReasonResponse deleteBreakReason(dev.onduty.v1.DeleteBreakReasonRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getDeleteBreakReasonMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Reads the policy, complete with defaults.
     * </pre>
     */
    public dev.onduty.v1.GetPolicyResponse getPolicy(dev.onduty.v1.GetPolicyRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetPolicyMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Changes the policy's fields that the mask names. Deadlines that run keep the length they began with.
     * </pre>
     */
    public dev.onduty.v1.UpdatePolicyResponse updatePolicy(dev.onduty.v1.UpdatePolicyRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getUpdatePolicyMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists the audit log of the server that is asked, in pages: refusals of access, credentials and certificates in force, changes of
     * configuration. Entries of the caller's tenant; with a server of one tenant, those about the server too. The latest 10,000 of the
     * server can be listed; its file has more. Errors: PAGE_TOKEN_INVALID.
     * </pre>
     */
    public dev.onduty.v1.ListAuditEntriesResponse listAuditEntries(dev.onduty.v1.ListAuditEntriesRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListAuditEntriesMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service AdminService.
   * <pre>
   * Directory, catalogue and policy of a tenant.
   * </pre>
   */
  public static final class AdminServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<AdminServiceBlockingStub> {
    private AdminServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected AdminServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new AdminServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * Creates a staff member, OFFLINE. Errors: STAFF_EXISTS.
     * </pre>
     */
    public dev.onduty.v1.CreateStaffResponse createStaff(dev.onduty.v1.CreateStaffRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getCreateStaffMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Updates name and skill groups. Errors: STAFF_UNKNOWN, REVISION_MISMATCH.
     * </pre>
     */
    public dev.onduty.v1.UpdateStaffResponse updateStaff(dev.onduty.v1.UpdateStaffRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getUpdateStaffMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Deletes an OFFLINE staff member. The history stays. Errors: STAFF_UNKNOWN, STAFF_SIGNED_IN.
     * </pre>
     */
    public dev.onduty.v1.DeleteStaffResponse deleteStaff(dev.onduty.v1.DeleteStaffRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDeleteStaffMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Erases a deleted person from the history for good: id, name, notes, calls and requests. What is left adds up under a pseudonym.
     * Backups keep what they have. Errors: STAFF_UNKNOWN, STAFF_NOT_DELETED.
     * </pre>
     */
    public dev.onduty.v1.EraseStaffResponse eraseStaff(dev.onduty.v1.EraseStaffRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getEraseStaffMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Creates up to 1,000 staff members, each on its own: a bad item does not hold up the others.
     * </pre>
     */
    public dev.onduty.v1.BatchCreateStaffResponse batchCreateStaff(dev.onduty.v1.BatchCreateStaffRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getBatchCreateStaffMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Creates a break reason. Errors: BREAK_REASON_EXISTS.
     * </pre>
     */
    public dev.onduty.v1.CreateBreakReasonResponse createBreakReason(dev.onduty.v1.CreateBreakReasonRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getCreateBreakReasonMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Updates a break reason. Breaks that run keep the limit they began with. Errors: BREAK_REASON_UNKNOWN, BREAK_REASON_BUILT_IN.
     * </pre>
     */
    public dev.onduty.v1.UpdateBreakReasonResponse updateBreakReason(dev.onduty.v1.UpdateBreakReasonRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getUpdateBreakReasonMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Deletes a break reason. Breaks that run keep it. Errors: BREAK_REASON_UNKNOWN, BREAK_REASON_BUILT_IN.
     * </pre>
     */
    public dev.onduty.v1.DeleteBreakReasonResponse deleteBreakReason(dev.onduty.v1.DeleteBreakReasonRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDeleteBreakReasonMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Reads the policy, complete with defaults.
     * </pre>
     */
    public dev.onduty.v1.GetPolicyResponse getPolicy(dev.onduty.v1.GetPolicyRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetPolicyMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Changes the policy's fields that the mask names. Deadlines that run keep the length they began with.
     * </pre>
     */
    public dev.onduty.v1.UpdatePolicyResponse updatePolicy(dev.onduty.v1.UpdatePolicyRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getUpdatePolicyMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists the audit log of the server that is asked, in pages: refusals of access, credentials and certificates in force, changes of
     * configuration. Entries of the caller's tenant; with a server of one tenant, those about the server too. The latest 10,000 of the
     * server can be listed; its file has more. Errors: PAGE_TOKEN_INVALID.
     * </pre>
     */
    public dev.onduty.v1.ListAuditEntriesResponse listAuditEntries(dev.onduty.v1.ListAuditEntriesRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListAuditEntriesMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service AdminService.
   * <pre>
   * Directory, catalogue and policy of a tenant.
   * </pre>
   */
  public static final class AdminServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<AdminServiceFutureStub> {
    private AdminServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected AdminServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new AdminServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * Creates a staff member, OFFLINE. Errors: STAFF_EXISTS.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.onduty.v1.CreateStaffResponse> createStaff(
        dev.onduty.v1.CreateStaffRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getCreateStaffMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Updates name and skill groups. Errors: STAFF_UNKNOWN, REVISION_MISMATCH.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.onduty.v1.UpdateStaffResponse> updateStaff(
        dev.onduty.v1.UpdateStaffRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getUpdateStaffMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Deletes an OFFLINE staff member. The history stays. Errors: STAFF_UNKNOWN, STAFF_SIGNED_IN.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.onduty.v1.DeleteStaffResponse> deleteStaff(
        dev.onduty.v1.DeleteStaffRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDeleteStaffMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Erases a deleted person from the history for good: id, name, notes, calls and requests. What is left adds up under a pseudonym.
     * Backups keep what they have. Errors: STAFF_UNKNOWN, STAFF_NOT_DELETED.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.onduty.v1.EraseStaffResponse> eraseStaff(
        dev.onduty.v1.EraseStaffRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getEraseStaffMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Creates up to 1,000 staff members, each on its own: a bad item does not hold up the others.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.onduty.v1.BatchCreateStaffResponse> batchCreateStaff(
        dev.onduty.v1.BatchCreateStaffRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getBatchCreateStaffMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Creates a break reason. Errors: BREAK_REASON_EXISTS.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.onduty.v1.CreateBreakReasonResponse> createBreakReason(
        dev.onduty.v1.CreateBreakReasonRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getCreateBreakReasonMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Updates a break reason. Breaks that run keep the limit they began with. Errors: BREAK_REASON_UNKNOWN, BREAK_REASON_BUILT_IN.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.onduty.v1.UpdateBreakReasonResponse> updateBreakReason(
        dev.onduty.v1.UpdateBreakReasonRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getUpdateBreakReasonMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Deletes a break reason. Breaks that run keep it. Errors: BREAK_REASON_UNKNOWN, BREAK_REASON_BUILT_IN.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.onduty.v1.DeleteBreakReasonResponse> deleteBreakReason(
        dev.onduty.v1.DeleteBreakReasonRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDeleteBreakReasonMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Reads the policy, complete with defaults.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.onduty.v1.GetPolicyResponse> getPolicy(
        dev.onduty.v1.GetPolicyRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetPolicyMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Changes the policy's fields that the mask names. Deadlines that run keep the length they began with.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.onduty.v1.UpdatePolicyResponse> updatePolicy(
        dev.onduty.v1.UpdatePolicyRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getUpdatePolicyMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Lists the audit log of the server that is asked, in pages: refusals of access, credentials and certificates in force, changes of
     * configuration. Entries of the caller's tenant; with a server of one tenant, those about the server too. The latest 10,000 of the
     * server can be listed; its file has more. Errors: PAGE_TOKEN_INVALID.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.onduty.v1.ListAuditEntriesResponse> listAuditEntries(
        dev.onduty.v1.ListAuditEntriesRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListAuditEntriesMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_CREATE_STAFF = 0;
  private static final int METHODID_UPDATE_STAFF = 1;
  private static final int METHODID_DELETE_STAFF = 2;
  private static final int METHODID_ERASE_STAFF = 3;
  private static final int METHODID_BATCH_CREATE_STAFF = 4;
  private static final int METHODID_CREATE_BREAK_REASON = 5;
  private static final int METHODID_UPDATE_BREAK_REASON = 6;
  private static final int METHODID_DELETE_BREAK_REASON = 7;
  private static final int METHODID_GET_POLICY = 8;
  private static final int METHODID_UPDATE_POLICY = 9;
  private static final int METHODID_LIST_AUDIT_ENTRIES = 10;

  private static final class MethodHandlers<Req, Resp> implements
      io.grpc.stub.ServerCalls.UnaryMethod<Req, Resp>,
      io.grpc.stub.ServerCalls.ServerStreamingMethod<Req, Resp>,
      io.grpc.stub.ServerCalls.ClientStreamingMethod<Req, Resp>,
      io.grpc.stub.ServerCalls.BidiStreamingMethod<Req, Resp> {
    private final AsyncService serviceImpl;
    private final int methodId;

    MethodHandlers(AsyncService serviceImpl, int methodId) {
      this.serviceImpl = serviceImpl;
      this.methodId = methodId;
    }

    @java.lang.Override
    @java.lang.SuppressWarnings("unchecked")
    public void invoke(Req request, io.grpc.stub.StreamObserver<Resp> responseObserver) {
      switch (methodId) {
        case METHODID_CREATE_STAFF:
          serviceImpl.createStaff((dev.onduty.v1.CreateStaffRequest) request,
              (io.grpc.stub.StreamObserver<dev.onduty.v1.CreateStaffResponse>) responseObserver);
          break;
        case METHODID_UPDATE_STAFF:
          serviceImpl.updateStaff((dev.onduty.v1.UpdateStaffRequest) request,
              (io.grpc.stub.StreamObserver<dev.onduty.v1.UpdateStaffResponse>) responseObserver);
          break;
        case METHODID_DELETE_STAFF:
          serviceImpl.deleteStaff((dev.onduty.v1.DeleteStaffRequest) request,
              (io.grpc.stub.StreamObserver<dev.onduty.v1.DeleteStaffResponse>) responseObserver);
          break;
        case METHODID_ERASE_STAFF:
          serviceImpl.eraseStaff((dev.onduty.v1.EraseStaffRequest) request,
              (io.grpc.stub.StreamObserver<dev.onduty.v1.EraseStaffResponse>) responseObserver);
          break;
        case METHODID_BATCH_CREATE_STAFF:
          serviceImpl.batchCreateStaff((dev.onduty.v1.BatchCreateStaffRequest) request,
              (io.grpc.stub.StreamObserver<dev.onduty.v1.BatchCreateStaffResponse>) responseObserver);
          break;
        case METHODID_CREATE_BREAK_REASON:
          serviceImpl.createBreakReason((dev.onduty.v1.CreateBreakReasonRequest) request,
              (io.grpc.stub.StreamObserver<dev.onduty.v1.CreateBreakReasonResponse>) responseObserver);
          break;
        case METHODID_UPDATE_BREAK_REASON:
          serviceImpl.updateBreakReason((dev.onduty.v1.UpdateBreakReasonRequest) request,
              (io.grpc.stub.StreamObserver<dev.onduty.v1.UpdateBreakReasonResponse>) responseObserver);
          break;
        case METHODID_DELETE_BREAK_REASON:
          serviceImpl.deleteBreakReason((dev.onduty.v1.DeleteBreakReasonRequest) request,
              (io.grpc.stub.StreamObserver<dev.onduty.v1.DeleteBreakReasonResponse>) responseObserver);
          break;
        case METHODID_GET_POLICY:
          serviceImpl.getPolicy((dev.onduty.v1.GetPolicyRequest) request,
              (io.grpc.stub.StreamObserver<dev.onduty.v1.GetPolicyResponse>) responseObserver);
          break;
        case METHODID_UPDATE_POLICY:
          serviceImpl.updatePolicy((dev.onduty.v1.UpdatePolicyRequest) request,
              (io.grpc.stub.StreamObserver<dev.onduty.v1.UpdatePolicyResponse>) responseObserver);
          break;
        case METHODID_LIST_AUDIT_ENTRIES:
          serviceImpl.listAuditEntries((dev.onduty.v1.ListAuditEntriesRequest) request,
              (io.grpc.stub.StreamObserver<dev.onduty.v1.ListAuditEntriesResponse>) responseObserver);
          break;
        default:
          throw new AssertionError();
      }
    }

    @java.lang.Override
    @java.lang.SuppressWarnings("unchecked")
    public io.grpc.stub.StreamObserver<Req> invoke(
        io.grpc.stub.StreamObserver<Resp> responseObserver) {
      switch (methodId) {
        default:
          throw new AssertionError();
      }
    }
  }

  public static final io.grpc.ServerServiceDefinition bindService(AsyncService service) {
    return io.grpc.ServerServiceDefinition.builder(getServiceDescriptor())
        .addMethod(
          getCreateStaffMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.onduty.v1.CreateStaffRequest,
              dev.onduty.v1.CreateStaffResponse>(
                service, METHODID_CREATE_STAFF)))
        .addMethod(
          getUpdateStaffMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.onduty.v1.UpdateStaffRequest,
              dev.onduty.v1.UpdateStaffResponse>(
                service, METHODID_UPDATE_STAFF)))
        .addMethod(
          getDeleteStaffMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.onduty.v1.DeleteStaffRequest,
              dev.onduty.v1.DeleteStaffResponse>(
                service, METHODID_DELETE_STAFF)))
        .addMethod(
          getEraseStaffMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.onduty.v1.EraseStaffRequest,
              dev.onduty.v1.EraseStaffResponse>(
                service, METHODID_ERASE_STAFF)))
        .addMethod(
          getBatchCreateStaffMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.onduty.v1.BatchCreateStaffRequest,
              dev.onduty.v1.BatchCreateStaffResponse>(
                service, METHODID_BATCH_CREATE_STAFF)))
        .addMethod(
          getCreateBreakReasonMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.onduty.v1.CreateBreakReasonRequest,
              dev.onduty.v1.CreateBreakReasonResponse>(
                service, METHODID_CREATE_BREAK_REASON)))
        .addMethod(
          getUpdateBreakReasonMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.onduty.v1.UpdateBreakReasonRequest,
              dev.onduty.v1.UpdateBreakReasonResponse>(
                service, METHODID_UPDATE_BREAK_REASON)))
        .addMethod(
          getDeleteBreakReasonMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.onduty.v1.DeleteBreakReasonRequest,
              dev.onduty.v1.DeleteBreakReasonResponse>(
                service, METHODID_DELETE_BREAK_REASON)))
        .addMethod(
          getGetPolicyMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.onduty.v1.GetPolicyRequest,
              dev.onduty.v1.GetPolicyResponse>(
                service, METHODID_GET_POLICY)))
        .addMethod(
          getUpdatePolicyMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.onduty.v1.UpdatePolicyRequest,
              dev.onduty.v1.UpdatePolicyResponse>(
                service, METHODID_UPDATE_POLICY)))
        .addMethod(
          getListAuditEntriesMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.onduty.v1.ListAuditEntriesRequest,
              dev.onduty.v1.ListAuditEntriesResponse>(
                service, METHODID_LIST_AUDIT_ENTRIES)))
        .build();
  }

  private static abstract class AdminServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    AdminServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return dev.onduty.v1.AdminServiceProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("AdminService");
    }
  }

  private static final class AdminServiceFileDescriptorSupplier
      extends AdminServiceBaseDescriptorSupplier {
    AdminServiceFileDescriptorSupplier() {}
  }

  private static final class AdminServiceMethodDescriptorSupplier
      extends AdminServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    AdminServiceMethodDescriptorSupplier(java.lang.String methodName) {
      this.methodName = methodName;
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.MethodDescriptor getMethodDescriptor() {
      return getServiceDescriptor().findMethodByName(methodName);
    }
  }

  private static volatile io.grpc.ServiceDescriptor serviceDescriptor;

  public static io.grpc.ServiceDescriptor getServiceDescriptor() {
    io.grpc.ServiceDescriptor result = serviceDescriptor;
    if (result == null) {
      synchronized (AdminServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new AdminServiceFileDescriptorSupplier())
              .addMethod(getCreateStaffMethod())
              .addMethod(getUpdateStaffMethod())
              .addMethod(getDeleteStaffMethod())
              .addMethod(getEraseStaffMethod())
              .addMethod(getBatchCreateStaffMethod())
              .addMethod(getCreateBreakReasonMethod())
              .addMethod(getUpdateBreakReasonMethod())
              .addMethod(getDeleteBreakReasonMethod())
              .addMethod(getGetPolicyMethod())
              .addMethod(getUpdatePolicyMethod())
              .addMethod(getListAuditEntriesMethod())
              .build();
        }
      }
    }
    return result;
  }
}
